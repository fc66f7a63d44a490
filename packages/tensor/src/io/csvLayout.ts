import { DomainError } from "../array/errors.ts";
import { describeColumns, placesOfColumns, quoteCell } from "./columns.ts";
import type { DecimalMarks } from "./csvCell.ts";
import { countedNames, decideHeader } from "./csvHeader.ts";
import { type ChooseColumns, type CsvOptions, propertyWording } from "./csvOptions.ts";
import { type CsvRow, firstRows, rawStart } from "./csvRows.ts";
import { detectSeparator, type SplitStart, splitStart } from "./csvSeparator.ts";
import { csvSeparators, separatorName, separatorOf } from "./csvSeparators.ts";
import type { CsvText } from "./csvText.ts";

/** How the rows of a text become a table, as far as its first rows tell. */
export interface CsvLayout {
  readonly text: CsvText;
  readonly separator: string;
  readonly marks: DecimalMarks;
  /** Whether the first row holds names rather than numbers. */
  readonly hasHeader: boolean;
  /** Names of all columns. */
  readonly names: readonly string[];
  /** Places of the chosen columns. */
  readonly places: readonly number[];
}

/**
 * Finds separator, decimal marks, header and columns from the options and the first rows.
 *
 * @throws DomainError for a text without rows, a header that the rows do not decide, or columns that do not exist
 */
export function layoutOf(text: CsvText, options: CsvOptions): CsvLayout {
  const { where } = text;
  const { separator, rows, fault } = startOf(text, options);
  if (fault !== undefined && rows.length < 2) throw fault;
  const [first, ...body] = rows;
  if (!first) throw withoutRows(text);
  const width = usedWidth(rows);
  const cells = first.cells.slice(0, width);
  const marks = options.decimal ?? (separator === csvSeparators.comma ? "point" : "either");
  const choose = chooserOf(options, where);
  const isHeader = decideHeader({
    first: cells,
    body: body.map((row) => row.cells.slice(0, width)),
    raw: () => rawStart(text, separator),
    marks,
    fits: (names) => fits(choose, names),
  });
  const remark = options.header === false || isHeader ? [] : namesInRemark(text, separator, width);
  const above = remark.find((names) => fits(choose, names)) ?? remark[0];
  const hasHeader = above === undefined && (options.header ?? isHeader);
  if (hasHeader === undefined) throw undecided(first, options, where);
  const names = above ?? (hasHeader ? cells : countedNames(width));
  if (hasHeader && body.length === 0) {
    throw new DomainError(`${where} must hold rows of numbers, got only a header: ${describeColumns(names)}`);
  }
  return { text, separator, marks, hasHeader, names, places: choose(names) };
}

const withoutRows = ({ where, remark }: CsvText): DomainError =>
  new DomainError(
    `${where} must hold rows of numbers, got ${remark === undefined ? "an empty file" : "only lines that begin with #"}`,
  );

/** Names in the line above the table, which begins with #: without this sign and with it, if they are as many as the columns. */
function namesInRemark({ where, remark = "" }: CsvText, separator: string, width: number): (readonly string[])[] {
  const candidates = [remark.replace(/^#+/, ""), remark].map((line) =>
    firstRows({ where, bytes: new TextEncoder().encode(line), line: 1 }, separator),
  );
  return candidates.flatMap(({ rows: [row] }) => (row?.cells.length === width ? [row.cells] : []));
}

function givenSeparator({ separator }: CsvOptions, where: string): string | undefined {
  if (separator === undefined) return undefined;
  const known = separatorOf(separator);
  if (known !== undefined) return known;
  throw new DomainError(
    `${where}: separator must be ${Object.keys(csvSeparators).join(", ")} or one character that is no part of a number, got ${quoteCell(separator)}`,
  );
}

/** The first rows between cells of the separator that is given or declared, else of the best one. */
function startOf(text: CsvText, options: CsvOptions): SplitStart {
  const given = givenSeparator(options, text.where) ?? text.declared;
  if (given === undefined) return detectSeparator(text);
  const start = splitStart(text, given);
  if (options.decimal !== undefined || start.score > 0) return start;
  const best = detectSeparator(text);
  const width = best.rows[0]?.cells.length ?? 1;
  if (width < 2 || best.rows.some(({ cells }) => cells.length !== width)) return start;
  const { wording = propertyWording } = options;
  throw new DomainError(
    `${text.where} has one cell in each row if the separator is ${separatorName(given)}, but ${separatorName(best.separator)} separates every row into ${width}; change the separator, or say ${wording.option("decimal", "comma")} or ${wording.option("decimal", "point")} for one column`,
  );
}

/** The function that finds the columns, whether names, indices or a function are given. */
function chooserOf({ columns }: CsvOptions, where: string): ChooseColumns {
  if (typeof columns === "function") return columns;
  return (names) => (columns ? placesOfColumns(columns, names, where) : names.map((_, i) => i));
}

function fits(choose: ChooseColumns, names: readonly string[]): boolean {
  try {
    choose(names);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

function undecided({ line, cells }: CsvRow, { wording = propertyWording }: CsvOptions, where: string): DomainError {
  const [yes, no] = [wording.option("header", true), wording.option("header", false)];
  return new DomainError(
    `${where} row ${line} may name the columns or hold data: ${describeColumns(cells)}; say ${yes} or ${no}`,
  );
}

/** Cells of the first row, without empty ones at its end that are empty in all rows: separators at the ends of lines leave them. */
function usedWidth(rows: readonly CsvRow[]): number {
  const used = rows.map(({ cells }) => cells.findLastIndex((cell) => cell !== "") + 1);
  return Math.min(
    rows[0]!.cells.length,
    used.reduce((a, b) => Math.max(a, b), 1),
  );
}
