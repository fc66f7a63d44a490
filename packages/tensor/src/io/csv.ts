import { DomainError, ShapeError } from "../array/errors.ts";
import { mustBe, optionsOf } from "../array/mustBe.ts";
import { formatShape } from "../array/shape.ts";
import { type DenseTensor, fromData, type Tensor } from "../array/tensor.ts";
import { cellKind } from "./csvCell.ts";
import { decideHeader } from "./csvHeader.ts";
import { layoutOf } from "./csvLayout.ts";
import { readNumbers } from "./csvNumbers.ts";
import type { CsvOptions } from "./csvOptions.ts";
import { openCsv } from "./csvText.ts";

/** A table of numbers with named columns. */
export interface Table {
  readonly columns: string[];
  /** [rows, columns], float64 */
  readonly values: DenseTensor;
  /** Rows left out because a number is missing in them. */
  readonly droppedRows: number;
}

/**
 * Reads a table of numbers from text: cells between commas, semicolons, tabs or spaces, quotes, every line end, byte order mark,
 * `sep=;`, remarks above the table that begin with # (the last may name the columns), blank lines skipped. One reader finds header
 * and rows, in linear time.
 *
 * Columns not chosen may hold anything. Without a header the columns are called "0", "1", ….
 *
 * @param input text, or its bytes in UTF-8
 * @throws DomainError that names file, line and column for anything but finite decimal numbers in rows of equal length, and for a
 *         header or a decimal mark that the rows leave open
 */
export function parseCsv(input: string | Uint8Array, options: CsvOptions = {}): Table {
  const where = `parseCsv: "${optionsOf("parseCsv", options).name ?? "input"}"`;
  const layout = layoutOf(openCsv(input, where), options);
  const { data, rows, droppedRows } = readNumbers(layout, options);
  return {
    columns: layout.places.map((place) => layout.names[place]!),
    values: fromData(data, [rows, layout.places.length], "float64"),
    droppedRows,
  };
}

/**
 * Comma-separated text of a table; every number is written so that reading gives the same float64.
 *
 * @param x       [rows, columns], or [rows] for one column
 * @param columns names for a header line; none by default
 * @throws ShapeError for other ranks or a wrong number of names, DomainError for NaN and infinities, which parseCsv refuses
 */
export function formatCsv(x: Tensor, columns?: readonly string[]): string {
  mustBe("formatCsv", "x", x, "tensor");
  if (columns !== undefined) mustBe("formatCsv", "columns", columns, "list");
  for (const column of columns ?? []) mustBe("formatCsv", "a name of columns", column, "text");
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
  const cells = Array.from({ length: rows }, (_, row) =>
    Array.from(data.subarray(row * width, (row + 1) * width), digits),
  );
  if (columns) cells.unshift(columns.map(escapeCell));
  else if (cells[0] && looksLikeNames(cells)) cells[0][0] += ".0";
  return cells.map((line) => `${line.join(",")}\n`).join("");
}

/** Whether a reader may take the first row of numbers for names: whole numbers, whatever stands below. */
const looksLikeNames = ([first = [], ...body]: readonly (readonly string[])[]): boolean =>
  decideHeader({ first, body, marks: "point", raw: () => [], fits: () => true }) !== false;

const digits = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** Whether a reader would not take a text for a name: cells apart, a number, a missing cell, a line that declares separators. */
const isMistakable = (name: string): boolean =>
  /[",;\t\r\n]|^sep=|^\s|\s$/i.test(name) || cellKind(name, "either") !== "text";

const escapeCell = (cell: string): string => (isMistakable(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
