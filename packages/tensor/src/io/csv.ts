// the bundled build brings its own Buffer, so it runs in browsers and in Node alike
import { CsvError, parse } from "csv-parse/browser/esm/sync";
import { DomainError, ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import { type DenseTensor, fromData, type Tensor } from "../tensor.ts";

/** A table of numbers with named columns. */
export interface Table {
  readonly columns: string[];
  /** [rows, columns], float64 */
  readonly values: DenseTensor;
}

/** Settings of parseCsv. */
export interface CsvOptions {
  /** Name of the file, for messages. */
  readonly name?: string;
  /** Columns to read, by name or by index from 0, in the order wanted; default all. */
  readonly columns?: readonly (string | number)[];
  /** Whether the first row names the columns; default: it does when it has text in it and no number. */
  readonly header?: boolean;
}

/** One line of the file: its number, from 1, and its cells without the spaces around them. */
interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** What programs write in place of a number they do not have. */
const missing = /^([+-]?(nan|inf|infinity)|na|n\/a|null|none|)$/i;

/**
 * Reads a table of numbers from comma-separated text: quotes, either line end, byte order mark, blank lines skipped.
 *
 * Columns not chosen may hold text. Without a header the columns are called "0", "1", ….
 *
 * @throws DomainError that names file, line and column for anything but finite decimal numbers in rows of equal length
 */
export function parseCsv(text: string, options: CsvOptions = {}): Table {
  const where = `parseCsv: "${options.name ?? "input"}"`;
  const rows = readRows(text, where);
  const first = rows[0];
  if (!first) throw new DomainError(`${where} must hold rows of numbers, got an empty file`);
  const hasHeader = options.header ?? isHeader(first.cells, options.columns ?? []);
  const names = hasHeader ? first.cells : first.cells.map((_, index) => String(index));
  const body = hasHeader ? rows.slice(1) : rows;
  if (body.length === 0) {
    throw new DomainError(`${where} must hold rows of numbers, got only a header: ${names.map(quote).join(", ")}`);
  }
  const chosen = options.columns?.map((column) => findColumn(column, names, where)) ?? names.map((_, index) => index);
  if (chosen.length === 0) throw new DomainError(`${where}: at least one column must be chosen, got none`);
  checkLengths(body, names.length, where);
  const data = new Float64Array(body.length * chosen.length);
  body.forEach(({ line, cells }, row) => {
    chosen.forEach((index, i) => {
      const at = `${where} row ${line}, column ${quote(names[index]!)}`;
      data[row * chosen.length + i] = parseCell(cells[index]!, at);
    });
  });
  return {
    columns: chosen.map((index) => names[index]!),
    values: fromData(data, [body.length, chosen.length], "float64"),
  };
}

function readRows(text: string, where: string): Row[] {
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    const rows = records.map(({ record, info }) => ({ line: info.lines, cells: record.map((cell) => cell.trim()) }));
    return rows.filter(({ cells }) => cells.length > 1 || cells[0] !== "");
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DomainError(`${where} row ${error.lines}: quotes must open and close a whole cell; ${error.message}`);
  }
}

function isHeader(cells: readonly string[], chosen: readonly (string | number)[]): boolean {
  const isText = (cell: string): boolean => !decimal.test(cell) && !missing.test(cell);
  if (chosen.some((column) => typeof column === "string" && isText(column) && cells.includes(column))) return true;
  return cells.some(isText) && !cells.some((cell) => decimal.test(cell));
}

function findColumn(column: string | number, names: readonly string[], where: string): number {
  const index = names.indexOf(String(column));
  if (typeof column === "string" && index >= 0) {
    if (names.indexOf(column, index + 1) < 0) return index;
    throw new DomainError(`${where} must have one column ${quote(column)}, got several; choose it by its index from 0`);
  }
  const position = typeof column === "number" ? column : /^\d+$/.test(column) ? Number(column) : NaN;
  if (Number.isInteger(position) && position >= 0 && position < names.length) return position;
  throw new DomainError(`${where} must have the column ${quote(column)}, got only ${names.map(quote).join(", ")}`);
}

function checkLengths(rows: readonly Row[], expected: number, where: string): void {
  const ragged = rows.find(({ cells }) => cells.length !== expected);
  if (!ragged) return;
  throw new DomainError(
    `${where} row ${ragged.line} must have ${expected} cells like the first row, got ${ragged.cells.length}`,
  );
}

function parseCell(cell: string, at: string): number {
  const value = decimal.test(cell) ? Number(cell) : NaN;
  if (Number.isFinite(value)) return value;
  const remedy = missing.test(cell) ? "fill it in or remove the row" : remedyForText(cell);
  throw new DomainError(`${at} must be a finite number, got ${quote(cell)}; ${remedy}`);
}

const remedyForText = (cell: string): string =>
  /[;\t]/.test(cell) ? "separate the cells by commas" : "choose other columns or mend the cell";

const quote = (text: string | number): string => {
  const shown = String(text);
  return JSON.stringify(shown.length > 40 ? `${shown.slice(0, 40)}…` : shown);
};

/**
 * Comma-separated text of a table; every number is written so that reading gives the same float64.
 *
 * @param x       [rows, columns], or [rows] for one column
 * @param columns names for a header line; none by default
 * @throws ShapeError for other ranks or a wrong number of names, DomainError for NaN and infinities, which parseCsv refuses
 */
export function formatCsv(x: Tensor, columns?: readonly string[]): string {
  if (x.rank !== 1 && x.rank !== 2) {
    throw new ShapeError(`formatCsv: x must be [rows, columns] or [rows], got ${formatShape(x.shape)}; reshape it`);
  }
  const [rows, width = 1] = x.shape as [number, number?];
  if (columns && columns.length !== width) {
    throw new ShapeError(
      `formatCsv: columns must name ${width} columns of ${formatShape(x.shape)}, got ${columns.length}`,
    );
  }
  const data = x.dataSync();
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const [row, column] = [Math.floor(bad / width), bad % width];
    throw new DomainError(`formatCsv: values must be finite, got ${data[bad]} at [${row}, ${column}]`);
  }
  const lines = columns ? [columns.map(escapeCell).join(",")] : [];
  for (let row = 0; row < rows; row++)
    lines.push(Array.from(data.subarray(row * width, (row + 1) * width), digits).join(","));
  return lines.map((line) => `${line}\n`).join("");
}

const digits = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

const escapeCell = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
