import { DomainError } from "../array/errors.ts";
import { didYouMean } from "../array/suggest.ts";

/** Most names of columns that a message lists. */
const listedNames = 12;
/** Most characters of a name or a cell in a message. */
const shownLength = 40;

/** A name of a column, an index or a cell as a message quotes it: cut after 40 characters. */
export const quoteCell = (value: string | number): string => {
  const text = String(value);
  return JSON.stringify(text.length > shownLength ? `${text.slice(0, shownLength)}…` : text);
};

/** Names of columns for a message: the first twelve, and their number. */
export function describeColumns(names: readonly string[]): string {
  const listed = names.slice(0, listedNames).map(quoteCell).join(", ");
  return names.length <= listedNames ? listed : `${listed}, … (${names.length} in all)`;
}

/** Names of an index: the empty name, and what pandas and lines with # write for it. */
const indexName = /^(Unnamed: \d+|#)?$/;

/** The number of leading columns without a name before a column with a name: pandas and R write an index like this. */
export const countUnnamed = (names: readonly string[]): number =>
  Math.max(
    0,
    names.findIndex((name) => !indexName.test(name)),
  );

/**
 * The place of a column, counted from 0, or undefined where there is none. A text is a name first, then an index; a number is an index.
 *
 * @param where operation and table, for the message
 * @throws DomainError if several columns have the name
 */
export function placeOfColumn(column: string | number, names: readonly string[], where: string): number | undefined {
  const named = typeof column === "string" ? names.indexOf(column) : -1;
  if (named >= 0) {
    if (names.indexOf(String(column), named + 1) < 0) return named;
    throw new DomainError(
      `${where} must have one column ${quoteCell(column)}, got several; choose it by its index from 0`,
    );
  }
  const index = typeof column === "number" ? column : /^\d+$/.test(column) ? Number(column) : Number.NaN;
  return Number.isInteger(index) && index >= 0 && index < names.length ? index : undefined;
}

/**
 * Places of columns chosen by name or by index from 0.
 *
 * @param where operation and table, for messages
 * @throws DomainError if a column does not exist, if several have the name, or if none is chosen
 */
export function placesOfColumns(
  columns: readonly (string | number)[],
  names: readonly string[],
  where: string,
): number[] {
  if (columns.length === 0) throw new DomainError(`${where}: at least one column must be chosen, got none`);
  return columns.map((column) => {
    const place = placeOfColumn(column, names, where);
    if (place !== undefined) return place;
    throw new DomainError(
      `${where} must have the column ${quoteCell(column)}, got only ${describeColumns(names)}${didYouMean(column, names)}`,
    );
  });
}
