import { readFileSync, type Stats, statSync } from "node:fs";
import {
  type CsvWording,
  countUnnamed,
  DomainError,
  describeColumns,
  fromData,
  mustBeOneOf,
  openNpz,
  parseCsv,
  parseNpy,
  parseNpyHeader,
  type Tensor,
} from "@pushforward/tensor";
import { fileError } from "../run/atomicFile.ts";
import type { TableSettings } from "../settings/dataSettings.ts";
import { chooseColumns, columnsOption } from "./columns.ts";

/** Settings of text files alone. */
const textSettings = ["header", "separator", "decimal"] as const;

/** Chosen columns of a file. */
export interface FileTable {
  /** [rows, columns], finite, in the file's units */
  readonly values: Tensor;
  readonly names: readonly string[];
  /** Rows that were left out because a number is missing in them. */
  readonly droppedRows: number;
  /** First columns that were left out because they are an index. */
  readonly indexColumns: number;
}

/** A format of data files: its reader and its largest size. */
interface FileFormat {
  readonly maxBytes: number;
  read(path: string, bytes: Buffer, settings: TableSettings): FileTable;
}

const text: FileFormat = { maxBytes: 400_000_000, read: readText };
const array: FileFormat = { maxBytes: 2_000_000_000, read: readNpy };
const archive: FileFormat = { maxBytes: 2_000_000_000, read: readNpz };

/** Formats by the ending of a file's name. */
const formats: Readonly<Record<string, FileFormat>> = { csv: text, tsv: text, txt: text, npy: array, npz: archive };

/** The endings of data files in words: ".csv, .tsv, .txt, .npy or .npz". */
export const dataEndings = Object.keys(formats)
  .map((ending) => `.${ending}`)
  .join(", ")
  .replace(/, (\.\w+)$/, " or $1");

const formatOf = (path: string): FileFormat | undefined => {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(formats, ending) ? formats[ending] : undefined;
};

/** Whether the name of data is that of a file, not of an embedded problem. */
export const isDataFile = (data: string): boolean => formatOf(data) !== undefined;

/** Most columns to learn: a network of more coordinates cannot be trained on one machine. */
const maxDim = 4096;
/** Most columns in a file of which some are chosen. */
const maxListed = 1_000_000;
/** Least rows of a split: two to train on and two to judge by. */
const leastRows = 4;

/**
 * The bytes of a data file.
 *
 * @throws DomainError that names the file if it cannot be read, is no file on a disk, is empty, or is too large
 */
export function readDataFile(path: string): Buffer {
  try {
    checkFile(path, statSync(path));
    const bytes = readFileSync(path);
    if (bytes.length === 0) throw new DomainError(`data: ${path} is empty; it must hold rows of numbers`);
    return bytes;
  } catch (error) {
    throw fileError("data", path, error);
  }
}

function checkFile(path: string, stats: Stats): void {
  if (!stats.isFile() && !stats.isDirectory()) {
    throw new DomainError(`data: ${path} must be a file, got a pipe or a device; save its content to a file first`);
  }
  const { maxBytes } = formatOf(path) ?? text;
  if (stats.size <= maxBytes) return;
  const remedy = maxBytes < array.maxBytes ? "save it as .npy" : "save fewer rows or columns, or float32";
  throw new DomainError(
    `data: ${path} must be smaller than ${maxBytes / 1e6} MB, got ${Math.round(stats.size / 1e6)} MB; ${remedy}`,
  );
}

/**
 * Reads the chosen columns of a file.
 *
 * @throws DomainError that names file, row and column
 */
export const readTable = (path: string, bytes: Buffer, settings: TableSettings): FileTable =>
  (formatOf(path) ?? text).read(path, bytes, settings);

/** Indices of the chosen columns; too many columns are refused before they are read. */
function choose(path: string, names: readonly string[], columns?: readonly string[]): number[] {
  const places = columns ? chooseColumns(path, names, columns) : names.map((_, i) => i);
  checkWidth(path, places.length);
  return places;
}

function checkWidth(path: string, width: number): void {
  if (width >= 1 && width <= maxDim) return;
  throw new DomainError(
    `data: ${path} must have 1 to ${maxDim} columns to learn, got ${width}; choose some with --columns`,
  );
}

/** Options of parseCsv as options of the command. */
const commandWording: CsvWording = {
  columns: columnsOption,
  option: (name, value) => `--${name} ${typeof value === "boolean" ? (value ? "yes" : "no") : value}`,
};

function readText(path: string, bytes: Buffer, settings: TableSettings): FileTable {
  const { columns, array: name, header, ...rest } = settings;
  if (name !== undefined) throw notFor(path, "array", "holds no arrays");
  const table = parseCsv(bytes, {
    ...rest,
    name: path,
    columns: (names) => choose(path, names, columns),
    ...(header ? { header: header === "yes" } : {}),
    wording: commandWording,
  });
  const { values, columns: names, droppedRows } = table;
  const indexColumns = columns ? 0 : indexWidth(values, names);
  if (indexColumns === 0) return { values, names, droppedRows, indexColumns };
  const kept = values.slice(null, [indexColumns, names.length]);
  return { values: kept, names: names.slice(indexColumns), droppedRows, indexColumns };
}

/** Number of first columns that are an index, as pandas and R write it: unnamed columns of whole numbers before named columns. */
function indexWidth(values: Tensor, names: readonly string[]): number {
  const unnamed = countUnnamed(names);
  const data = values.dataSync();
  const isWhole = (column: number): boolean => {
    for (let at = column; at < data.length; at += names.length) if (!Number.isInteger(data[at])) return false;
    return true;
  };
  for (let column = 0; column < unnamed; column++) if (!isWhole(column)) return column;
  return unnamed;
}

const notFor = (path: string, setting: string, reason: string): DomainError =>
  new DomainError(`data: ${path} ${reason}; leave --${setting} out`);

function readNpz(path: string, bytes: Buffer, settings: TableSettings): FileTable {
  const file = openNpz(bytes, { name: path });
  const name = settings.array ?? (file.names.length === 1 ? file.names[0] : undefined);
  if (name === undefined) {
    const held = file.names.length === 0 ? "no array" : `${file.names.length} arrays: ${describeColumns(file.names)}`;
    throw new DomainError(`data: ${path} holds ${held}; choose one with --array`);
  }
  if (!file.names.includes(name)) throw new DomainError(`data: ${path}: --array ${mustBeOneOf(name, file.names)}`);
  return readNpy(`${path}:${name}`, file.bytes(name), { ...settings, array: undefined });
}

function readNpy(path: string, bytes: Uint8Array, settings: TableSettings): FileTable {
  const unusable = textSettings.find((setting) => settings[setting] !== undefined);
  if (unusable) throw notFor(path, unusable, "is no text");
  if (settings.array !== undefined) throw notFor(path, "array", "holds one array");
  const { shape } = parseNpyHeader(bytes, { name: path });
  if (shape.length !== 1 && shape.length !== 2) {
    throw new DomainError(
      `data: ${path} must hold an array [rows, columns] or [rows], got [${shape.join(", ")}]; reshape it before saving`,
    );
  }
  const [rows, width = 1] = shape as [number, number?];
  checkNpySize(path, rows, width);
  const names = Array.from({ length: width }, (_, i) => String(i));
  const places = choose(path, names, settings.columns);
  const options = { name: path, dtype: "float64" as const, ...(shape.length === 2 ? { columns: places } : {}) };
  const values = parseNpy(bytes, options).reshape([rows, places.length]);
  return keepFinite(
    path,
    { values, names: places.map(String), droppedRows: 0, indexColumns: 0 },
    settings.missing === "drop",
  );
}

/** Refuses extreme shapes: the header of an array without elements may claim any width, of which no list of columns may be made. */
function checkNpySize(path: string, rows: number, width: number): void {
  if (width <= maxDim || (rows >= leastRows && width <= maxListed)) return;
  throw new DomainError(
    `data: ${path} must be an array [rows, columns] with at least ${leastRows} rows and at most ${maxListed} columns, got [${rows}, ${width}]; is it transposed?`,
  );
}

/** The table without rows that hold NaN, if such rows may be dropped; other numbers must be finite. */
function keepFinite(path: string, table: FileTable, isDropping: boolean): FileTable {
  const { values, names } = table;
  const width = names.length;
  const data = values.dataSync();
  const bad = data.findIndex((value) =>
    isDropping ? Math.abs(value) === Number.POSITIVE_INFINITY : !Number.isFinite(value),
  );
  if (bad >= 0) {
    const remedy = Number.isNaN(data[bad]) ? "; remove the row, or say --missing drop to leave out such rows" : "";
    throw new DomainError(
      `data: ${path} row ${Math.floor(bad / width)}, column ${names[bad % width]} (counted from 0) must be a finite number, got ${data[bad]}${remedy}`,
    );
  }
  const rows = Array.from({ length: values.shape[0] }, (_, row) => row);
  const kept = rows.filter((row) => !data.subarray(row * width, (row + 1) * width).some(Number.isNaN));
  if (kept.length === rows.length) return table;
  const whole = new Float64Array(kept.length * width);
  kept.forEach((row, i) => {
    whole.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { ...table, values: fromData(whole, [kept.length, width], "float64"), droppedRows: rows.length - kept.length };
}
