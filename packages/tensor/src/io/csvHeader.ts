import { type CellKind, cellKind, cellNumber, type DecimalMarks } from "./csvCell.ts";

/** The start of a table. */
export interface TableStart {
  /** Cells of the first row. */
  readonly first: readonly string[];
  /** Rows below it. */
  readonly body: readonly (readonly string[])[];
  readonly marks: DecimalMarks;
  /** The first row and the one below it with their quotes. */
  readonly raw: () => readonly (readonly string[])[];
  /** Whether the columns asked for exist under these names. */
  readonly fits: (names: readonly string[]) => boolean;
}

/** Names of the columns of a table without a header: "0", "1", …. */
export const countedNames = (width: number): string[] => Array.from({ length: width }, (_, i) => String(i));

const whole = /^[+-]?\d+$/;

/**
 * Whether the first row names the columns, where that can be decided.
 *
 * It does if the columns asked for exist only then, if it has text and no number, if its text stands above numbers, if its first cell
 * is empty above an index, if quotes surround its numbers and none below, or if it counts 0, 1, 2, … above numbers with a fraction.
 * It is data if it has a number with a fraction or text that a row below repeats, or if no sign speaks for names.
 *
 * @returns undefined where signs contradict each other, or where whole numbers may be names: years, or different numbers above
 *          fractions in every column, unless all of them occur in a row below
 */
export function decideHeader({ first, body, marks, raw, fits }: TableStart): boolean | undefined {
  const kind = (cell: string): CellKind => cellKind(cell, marks);
  const kinds = first.map(kind);
  const numbers = first.filter((_, i) => kinds[i] === "number");
  const hasText = kinds.includes("text");
  if (fits(first) && !fits(countedNames(first.length))) return true;
  if (numbers.length === 0) return hasText;
  if (isQuotedAboveNumbers(raw(), marks)) return true;
  const areWhole = numbers.every((cell) => whole.test(cell));
  if (first[0] === "" && areWhole && body.length > 0) {
    const below = body.map((row) => row[0] ?? "");
    if (below.every((cell) => kind(cell) === "text") || countsUp(below)) return true;
    return below.includes("") ? false : undefined;
  }
  if (hasText) {
    const texts = first.flatMap((cell, i) => (kinds[i] === "text" ? [{ cell, i }] : []));
    const isAboveNumbers = texts.some(({ i }) => body.some((row) => kind(row[i] ?? "") === "number"));
    const isData = !areWhole || texts.some(({ cell, i }) => body.some((row) => row[i] === cell));
    return isAboveNumbers === isData ? undefined : isAboveNumbers;
  }
  return areWhole ? decideWhole(first, body) : false;
}

const isQuoted = (cell: string): boolean => /^"[^"]*"$/.test(cell);

/** Programs that put names alone into quotes: the first row has no bare number, the second has. */
const isQuotedAboveNumbers = (
  [first = [], second = []]: readonly (readonly string[])[],
  marks: DecimalMarks,
): boolean => first.every(isQuoted) && second.some((cell) => cellKind(cell, marks) === "number");

/** Whether cells are 0, 1, 2, … or 1, 2, 3, …. */
const countsUp = (cells: readonly string[]): boolean =>
  /^[01]$/.test(cells[0]!) && cells.every((cell, i) => cell === String(Number(cells[0]) + i));

const isYear = (cell: string): boolean => /^(1[5-9]|20|21)\d\d$/.test(cell);

/** Numbers far below any year. */
const farBelow = 1000;

/** A first row of whole numbers alone: names, data, or undecided. */
function decideWhole(first: readonly string[], body: TableStart["body"]): boolean | undefined {
  const column = (i: number): readonly string[] => body.map((row) => row[i] ?? "");
  const isAboveFractions = first.every((_, i) => column(i).some((cell) => /[.,]\d|\de/i.test(cell)));
  const counts = first.length > 1 && first.every((cell, i) => Number(cell) === Number(first[0]) + i);
  if (counts && first[0] === "0") return isAboveFractions ? true : undefined;
  // names differ from each other, and of many rows some repeat a number
  const mayName = first.length > 1 && new Set(first.map(Number)).size === first.length;
  const comesBack = first.every((name, i) =>
    column(i).some((cell) => cell !== "" && cellNumber(cell) === Number(name)),
  );
  if (mayName && isAboveFractions && !comesBack) return undefined;
  const areYears = first.every((cell, i) => isYear(cell) && (i === 0 || cell > first[i - 1]!));
  const isAboveOthers = body.some((row) => row.some((cell) => cell !== "" && Math.abs(cellNumber(cell)) < farBelow));
  return areYears && isAboveOthers ? undefined : false;
}
