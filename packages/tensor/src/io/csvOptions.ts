import { describeColumns } from "./columns.ts";

/** Finds the columns to read among all: their places, counted from 0, in the order of the result. Throws DomainError where there is none. */
export type ChooseColumns = (names: readonly string[]) => readonly number[];

/** Options that messages of parseCsv name. */
export interface CsvWording {
  /** How the caller chooses these columns. */
  columns(places: readonly number[], names: readonly string[]): string;
  /** How the caller sets an option. */
  option(name: "header" | "separator" | "decimal" | "missing", value: boolean | string): string;
}

/** Settings of parseCsv. */
export interface CsvOptions {
  /** Name of the file, for messages. */
  readonly name?: string;
  /** Columns to read, by name or by index from 0, in the order of the result, or a function that finds them; default all. */
  readonly columns?: readonly (string | number)[] | ChooseColumns;
  /** Whether the first row names the columns; decided from the rows by default, and refused where the rows do not decide it. */
  readonly header?: boolean;
  /** comma, semicolon, tab, pipe, space, or another character; by default the one that explains the first rows best. */
  readonly separator?: string;
  /** The mark before the fraction of a number; by default a point, or one of both where no comma separates cells. */
  readonly decimal?: "point" | "comma";
  /** Whether rows with a missing number in a chosen column are refused or dropped; default refuse. */
  readonly missing?: "refuse" | "drop";
  /** How messages name options; by default as properties: `header: true`. */
  readonly wording?: CsvWording;
}

/** Options as properties of an object. */
export const propertyWording: CsvWording = {
  columns: (places, names) => `columns: [${describeColumns(places.map((place) => names[place]!))}]`,
  option: (name, value) => `${name}: ${JSON.stringify(value)}`,
};
