import { DomainError, describeColumns, didYouMean, placeOfColumn } from "@pushforward/tensor";

const quote = (name: string): string => describeColumns([name]);

/**
 * Indices of the chosen columns.
 *
 * Each choice is a name, an index from 0, a pattern with `*` ("pixel_*"), or a range of neighbours in the file, both ends
 * included ("pixel_0_0..pixel_7_7", "0..63"). A name wins over an index, a pattern and a range.
 *
 * @param where   the file, for messages
 * @param names   all columns of the file, in order
 * @param choices chosen columns, in the order of the result
 * @returns       indices from 0
 * @throws DomainError that names file and choice if nothing fits, or if a column is chosen twice
 */
export function chooseColumns(where: string, names: readonly string[], choices: readonly string[]): number[] {
  const places = choices.flatMap((choice) => placesOf(where, names, choice));
  const seen = new Set<number>();
  const twice = places.find((place) => seen.size === seen.add(place).size);
  if (twice === undefined) return places;
  throw new DomainError(`data: ${where}: column ${quote(names[twice])} is chosen twice; name it once`);
}

function placesOf(where: string, names: readonly string[], choice: string): number[] {
  const placeOf = (name: string): number | undefined => placeOfColumn(name, names, `data: ${where}`);
  const single = placeOf(choice);
  if (single !== undefined) return [single];
  const range = /^(.+)\.\.(.+)$/.exec(choice);
  const ends = range && [placeOf(range[1]), placeOf(range[2])];
  if (ends && ends[0] !== undefined && ends[1] !== undefined) return between(where, choice, ends[0], ends[1]);
  const matches = choice.includes("*") ? matching(names, choice) : [];
  if (matches.length > 0) return matches;
  throw new DomainError(
    `data: ${where} has no column ${quote(choice)}; there are ${describeColumns(names)}${didYouMean(choice, names)}`,
  );
}

function between(where: string, choice: string, first: number, last: number): number[] {
  if (first <= last) return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  throw new DomainError(
    `data: ${where}: the columns ${quote(choice)} must stand in the file's order; swap the two ends`,
  );
}

/** Places of all names that a pattern fits, in which * stands for any characters. */
const matching = (names: readonly string[], pattern: string): number[] => {
  const pieces = pattern.split("*");
  return names.flatMap((name, i) => (fits(name, pieces) ? [i] : []));
};

/** Whether a name is made of the pieces in their order with anything between them, in linear time. */
function fits(name: string, [first, ...rest]: readonly string[]): boolean {
  const last = rest.pop()!;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at + last.length <= name.length;
}

/** Characters with a meaning of their own in a choice of columns or in a shell. */
const special = /[^\p{L}\p{N}_.%@-]|\.\./u;

/** The option that chooses these columns: `--columns a,b`, neighbours as ranges. Columns that no choice can name are left out. */
export function columnsOption(places: readonly number[], names: readonly string[]): string {
  const runs: [number, number][] = [];
  // an index that is the name of another column chooses the other column
  for (const place of places.filter((each) => isClear(names, each) || !names.includes(String(each)))) {
    const run = runs.at(-1);
    if (run && place === run[1] + 1) run[1] = place;
    else runs.push([place, place]);
  }
  const nameOf = (place: number): string => (isClear(names, place) ? names[place] : String(place));
  const chosen = runs.flatMap(([first, last]) =>
    last - first < leastRange
      ? Array.from({ length: last - first + 1 }, (_, i) => nameOf(first + i))
      : [`${nameOf(first)}..${nameOf(last)}`],
  );
  return `--columns ${chosen.join(",")}`;
}

/** Whether a column can be chosen by its name. */
function isClear(names: readonly string[], place: number): boolean {
  const name = names[place];
  return name !== "" && !special.test(name) && names.indexOf(name) === names.lastIndexOf(name);
}

/** Neighbours from this number on are written as a range. */
const leastRange = 3;
