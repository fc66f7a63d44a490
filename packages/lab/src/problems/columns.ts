import { DomainError } from "@pushforward/tensor";

/** Names of columns that a message lists before it stops. */
const listed = 12;

const quote = (name: string): string => JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);

/** Names for a message: a few of them, and how many there are. */
export function describeColumns(names: readonly string[]): string {
  const shown = names.slice(0, listed).map(quote).join(", ");
  return names.length <= listed ? shown : `${shown}, … (${names.length} in all)`;
}

/**
 * Places of the columns that a person chose.
 *
 * Each choice is a name, an index from 0, a pattern with `*` ("pixel_*"), or a range of neighbours in the file, both ends
 * included ("pixel_0_0..pixel_7_7", "0..63"); a name that looks like something else is still a name.
 *
 * @param where   the file, for messages
 * @param names   all columns of the file, in order
 * @param choices what was asked for, in the order wanted
 * @returns       indices from 0
 * @throws DomainError that names file and choice if nothing fits, or if a column is chosen twice
 */
export function chooseColumns(where: string, names: readonly string[], choices: readonly string[]): number[] {
  const places = choices.flatMap((choice) => placesOf(where, names, choice));
  const twice = places.find((place, i) => places.indexOf(place) < i);
  if (twice === undefined) return places;
  throw new DomainError(`data: ${where}: column ${quote(names[twice])} is chosen twice; name it once`);
}

function placesOf(where: string, names: readonly string[], choice: string): number[] {
  const single = placeOf(where, names, choice);
  if (single !== undefined) return [single];
  const range = /^(.+)\.\.(.+)$/.exec(choice);
  const ends = range && [placeOf(where, names, range[1]), placeOf(where, names, range[2])];
  if (ends && ends[0] !== undefined && ends[1] !== undefined) return between(where, choice, ends[0], ends[1]);
  const matches = choice.includes("*") ? matching(names, choice) : [];
  if (matches.length > 0) return matches;
  throw new DomainError(`data: ${where} has no column ${quote(choice)}; there are ${describeColumns(names)}`);
}

/** The place of a name or an index. */
function placeOf(where: string, names: readonly string[], choice: string): number | undefined {
  const named = names.indexOf(choice);
  if (named >= 0) {
    if (names.indexOf(choice, named + 1) < 0) return named;
    throw new DomainError(
      `data: ${where} must have one column ${quote(choice)}, got several; choose it by its index from 0`,
    );
  }
  const index = /^\d+$/.test(choice) ? Number(choice) : Number.NaN;
  return index < names.length ? index : undefined;
}

function between(where: string, choice: string, first: number, last: number): number[] {
  if (first <= last) return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  throw new DomainError(
    `data: ${where}: the columns ${quote(choice)} must stand in the file's order; swap the two ends`,
  );
}

/** Places of all names that a pattern fits, in which * stands for any characters. */
function matching(names: readonly string[], pattern: string): number[] {
  const pieces = pattern.split("*").map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${pieces.join(".*")}$`);
  return names.flatMap((name, i) => (expression.test(name) ? [i] : []));
}
