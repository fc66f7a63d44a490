import { DomainError } from "../array/errors.ts";
import { countUnnamed, quoteCell } from "./columns.ts";
import { type CellKind, cellKind, cellNumber, DecimalCheck, numberFault } from "./csvCell.ts";
import type { CsvLayout } from "./csvLayout.ts";
import { type CsvOptions, type CsvWording, propertyWording } from "./csvOptions.ts";
import { type CsvRow, walkRows } from "./csvRows.ts";
import { csvSeparators } from "./csvSeparators.ts";

/** Numbers of the chosen columns. */
export interface CsvNumbers {
  /** [rows, chosen columns], row by row */
  readonly data: Float64Array;
  readonly rows: number;
  /** Rows left out because a number is missing in them. */
  readonly droppedRows: number;
}

/** A layout with the words for errors. */
interface Reading extends CsvLayout {
  /** Checks decimal marks where the file may use either. */
  readonly check: DecimalCheck | undefined;
  readonly isDropping: boolean;
  readonly wording: CsvWording;
}

/** Rows for which memory is allocated at first. */
const firstRoom = 256;

/**
 * Walks over all rows and keeps the numbers of the chosen columns.
 *
 * @throws DomainError that names line and column
 */
export function readNumbers(layout: CsvLayout, options: CsvOptions): CsvNumbers {
  const { text, separator, hasHeader, places } = layout;
  const reading: Reading = {
    ...layout,
    check: layout.marks === "either" ? new DecimalCheck() : undefined,
    isDropping: options.missing === "drop",
    wording: options.wording ?? propertyWording,
  };
  let data = new Float64Array(firstRoom * places.length);
  let [seen, rows] = [0, 0];
  walkRows(text, separator, (row) => {
    if (seen++ === 0 && hasHeader) return true;
    const offset = rows * places.length;
    if (offset === data.length) data = grown(data);
    if (readRow(row, reading, data.subarray(offset, offset + places.length))) rows++;
    return true;
  });
  checkMarks(reading);
  const droppedRows = seen - rows - (hasHeader ? 1 : 0);
  if (rows === 0) {
    throw new DomainError(
      `${text.where} must hold rows of numbers, but a number is missing in each of the ${droppedRows}`,
    );
  }
  return { data: data.slice(0, rows * places.length), rows, droppedRows };
}

function grown(data: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * data.length);
  larger.set(data);
  return larger;
}

const placed = ({ line }: CsvRow, column: string): string => `row ${line}, column ${quoteCell(column)}`;

/** Writes the numbers of a row, and returns false for a row that is dropped. */
function readRow(row: CsvRow, reading: Reading, into: Float64Array): boolean {
  const { places, names, isDropping, check } = reading;
  let isComplete = checkLength(row, reading);
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    const cell = row.cells[place] ?? "";
    const kind = cellKind(cell, reading.marks);
    const value = kind === "number" ? cellNumber(cell) : Number.NaN;
    if (Number.isFinite(value)) {
      check?.see(cell, i, () => placed(row, names[place]!));
      into[i] = value;
    } else if (kind === "missing" && isDropping) isComplete = false;
    else throw badCell(row, place, kind, reading);
  }
  return isComplete;
}

/** Whether a row has all its cells; cells beyond them must be empty. */
function checkLength({ line, cells }: CsvRow, reading: Reading): boolean {
  const { names, text, isDropping } = reading;
  const got = Math.max(Math.min(names.length, cells.length), cells.findLastIndex((cell) => cell !== "") + 1);
  if (got === names.length) return true;
  if (got < names.length && isDropping) return false;
  const expected = names.length === 1 ? "1 cell" : `${names.length} cells`;
  const isRemark = cells[0]?.startsWith("#") ?? false;
  const remedy =
    got > names.length ? remedyForLength(got, reading) : isRemark ? "; remove the row if it is a remark" : "";
  throw new DomainError(`${text.where} row ${line} must have ${expected} like the first row, got ${got}${remedy}`);
}

function remedyForLength(got: number, { names, hasHeader, separator, wording }: Reading): string {
  const isOne = names.length === 1 && separator === csvSeparators.comma;
  const comma = isOne ? `; if its comma is a decimal mark, say ${wording.option("separator", "semicolon")}` : "";
  if (!hasHeader) return comma;
  const named =
    got === names.length + 1 && names.length > 1
      ? "; if rows begin with a name of their own, give that column a name"
      : "";
  return `${named}${comma}; if the first row is a title, remove it`;
}

function badCell(row: CsvRow, place: number, kind: CellKind, reading: Reading): DomainError {
  const { names, text } = reading;
  const cell = row.cells[place] ?? "";
  return new DomainError(
    `${text.where} ${placed(row, names[place]!)} must be a finite number, got ${quoteCell(cell)}; ${remedyFor(row, place, kind, reading)}`,
  );
}

function remedyFor(row: CsvRow, place: number, kind: CellKind, reading: Reading): string {
  const [name, cell] = [reading.names[place]!, row.cells[place] ?? ""];
  const kinds = row.cells.map((each) => cellKind(each, reading.marks));
  const isOther = kinds.includes("text") && !kinds.includes("number") && row.cells.length > 1;
  if (isOther) return "no cell of the row is a number; remove the row if it is a title, a unit or a remark";
  return kind === "text" ? remedyForText(cell, reading) : remedyForGap(kind, name, reading);
}

function remedyForGap(kind: CellKind, name: string, reading: Reading): string {
  const { wording } = reading;
  if (kind !== "missing") return "mend it or remove the row";
  const ready = name === "" ? readyColumns(reading) : "";
  if (ready !== "") return `choose other columns${ready}`;
  return `fill it in or remove the row, or say ${wording.option("missing", "drop")} to leave out such rows`;
}

function remedyForText(cell: string, reading: Reading): string {
  const { wording, marks } = reading;
  const fault = numberFault(cell);
  if (fault === "grouped") return "write numbers without separators of thousands";
  if (fault === "mark") {
    const other = marks === "comma" ? "point" : "comma";
    return `write numbers with a decimal ${marks === "comma" ? "comma" : "point"}, or say ${wording.option("decimal", other)}`;
  }
  return `choose other columns or mend the cell${readyColumns(reading)}`;
}

function readyColumns(reading: Reading): string {
  const places = numberColumns(reading);
  return places.length > 0 ? `; numbers alone are in ${reading.wording.columns(places, reading.names)}` : "";
}

/** Columns in which every cell is a number, without an index. */
function numberColumns({ text, separator, hasHeader, names, marks }: CsvLayout): number[] {
  let places = names.map((_, place) => place).slice(countUnnamed(names));
  let seen = 0;
  walkRows(text, separator, ({ cells }) => {
    if (seen++ === 0 && hasHeader) return true;
    places = places.filter((place) => cellKind(cells[place] ?? "", marks) === "number");
    return places.length > 0;
  });
  return places;
}

/** All numbers must have the same decimal mark, which must not be one of thousands. */
function checkMarks({ check, text, wording }: Reading): void {
  const [first, second] = check?.doubtful ?? [];
  if (!first) return;
  const [point, comma] = [wording.option("decimal", "point"), wording.option("decimal", "comma")];
  const where = `${text.where} ${first.at}`;
  const other = first.cell.includes(",") ? `write a point, or say ${comma}` : `write no thousands, or say ${point}`;
  throw new DomainError(
    second
      ? `${where} is ${quoteCell(first.cell)} but ${second.at} is ${quoteCell(second.cell)}; use one decimal mark, or say ${point} or ${comma}`
      : `${where} must have a clear decimal mark, got ${quoteCell(first.cell)}, which may mean thousands; ${other}`,
  );
}
