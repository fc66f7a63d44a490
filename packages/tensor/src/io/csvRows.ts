import { DomainError } from "../array/errors.ts";
import { walkPlainRows } from "./csvPlainRows.ts";
import { walkQuotedRows } from "./csvQuotedRows.ts";
import type { CsvText } from "./csvText.ts";
import { countLineEnds, endOfLine } from "./lineEnds.ts";

/** One row of the file: its line, from 1, and its cells without the spaces around them. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A row of more bytes is refused: a quote that is never closed would swallow the file. */
const maxRow = 16_000_000;
const quoteMark = 0x22;

const tooLongCode = "CSV_MAX_RECORD_SIZE";
/** The fault of a row in words, by the code of csv-parse. */
const faults: Readonly<Record<string, string>> = {
  [tooLongCode]: ` must be shorter than ${maxRow / 1e6} MB; is a quote never closed, or are there no line ends?`,
  CSV_QUOTE_NOT_CLOSED: ": quotes must open and close a whole cell, but one in or below this row is never closed",
};
const faultOfQuotes = ": quotes must open and close a whole cell; write two quotes for one inside a cell";

/**
 * Visits the rows of a text from the first to the last in linear time. Blank lines are left out, and rows of empty cells at the
 * start and at the end, which spreadsheets write.
 *
 * @param visit   gets each row and the bytes up to it, about, and returns false to stop
 * @param options keepsQuotes: quotes are characters like others
 * @throws DomainError for quotes that do not open and close a whole cell, and for rows of 16 MB
 */
export function walkRows(
  { bytes, where, line: firstLine }: CsvText,
  separator: string,
  visit: (row: CsvRow, bytes: number) => boolean,
  { keepsQuotes = false }: { readonly keepsQuotes?: boolean } = {},
): void {
  const fault = (line: number, code: string): DomainError =>
    new DomainError(`${where} row ${line + firstLine - 1}${faults[code] ?? faultOfQuotes}`);
  const visitUsed = leavingOutEmptyEnds(visit);
  // csv-parse takes microseconds for a row, and most files have quotes in their first lines alone
  const plainStart = keepsQuotes ? 0 : endOfQuotes(bytes);
  const quoted = bytes.subarray(0, plainStart);
  const visitQuoted = (cells: string[], line: number, at: number): boolean =>
    visitUsed({ line: line + firstLine - 1, cells }, at);
  if (!walkQuotedRows(quoted, separator, visitQuoted, { maxRow, fault })) return;
  const before = plainStart < bytes.length ? countLineEnds(bytes, 0, plainStart) : 0;
  const visitPlain = (cells: string[], line: number, at: number): boolean =>
    isBlank(cells) || visitUsed({ line: line + before + firstLine - 1, cells }, plainStart + at);
  const tooLong = (line: number): DomainError => fault(line + before, tooLongCode);
  walkPlainRows(bytes.subarray(plainStart), separator, visitPlain, { maxRow, tooLong });
}

const isBlank = (cells: readonly string[]): boolean => cells.length === 1 && cells[0] === "";

/** The end of the line in which the last quote stands. */
function endOfQuotes(bytes: Uint8Array): number {
  const last = bytes.lastIndexOf(quoteMark);
  return last < 0 ? 0 : endOfLine(bytes, last);
}

/** A visit that skips rows of empty cells at the start and at the end. */
function leavingOutEmptyEnds(visit: (row: CsvRow, bytes: number) => boolean): (row: CsvRow, bytes: number) => boolean {
  let hasBegun = false;
  let empty: CsvRow[] = [];
  return (row, bytes) => {
    if (row.cells.every((cell) => cell === "")) {
      if (hasBegun) empty.push(row);
      return true;
    }
    hasBegun = true;
    for (const each of empty) if (!visit(each, bytes)) return false;
    empty = [];
    return visit(row, bytes);
  };
}

/** Rows and bytes that decide on separator and header. */
const sampleRows = 64;
const sampleBytes = 262_144;

/** The start of a table. */
export interface CsvStart {
  readonly rows: readonly CsvRow[];
  /** The error that ended the walk early. */
  readonly fault?: unknown;
}

/** The first rows: two if there are two, however long they are, then some more. */
export function firstRows(text: CsvText, separator: string): CsvStart {
  const rows: CsvRow[] = [];
  try {
    walkRows(text, separator, (row, bytes) => {
      rows.push(row);
      return rows.length < 2 || (rows.length < sampleRows && bytes < sampleBytes);
    });
  } catch (fault) {
    return { rows, fault };
  }
  return { rows };
}

/** Cells of the first two rows, with the quotes around them. */
export function rawStart(text: CsvText, separator: string): (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  walkRows(text, separator, ({ cells }) => rows.push(cells) < 2, { keepsQuotes: true });
  return rows;
}
