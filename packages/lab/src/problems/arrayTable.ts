import { DomainError, fromData, parseNpy, parseNpyHeader, type Tensor, take, tensor } from "@pushforward/tensor";
import { pixelColumns } from "@pushforward/training";
import type { TableSettings } from "../settings/dataSettings.ts";
import { checkTableSize, chooseFrom, type FileTable, maxDim, refuseSettings } from "./fileTable.ts";

/** An array in a file, of which the header has been read. */
export interface FileArray {
  readonly shape: readonly number[];
  /** The numbers as float64; of an array with two axes the chosen columns alone. */
  read(columns?: readonly number[]): Tensor;
}

/**
 * The array of an .npy file.
 *
 * @throws DomainError if the bytes are no complete .npy file
 */
export function npyArray(path: string, bytes: Uint8Array): FileArray {
  const { shape } = parseNpyHeader(bytes, { name: path });
  return {
    shape,
    read: (columns) => parseNpy(bytes, { name: path, dtype: "float64", ...(columns ? { columns } : {}) }),
  };
}

/** Most columns in a file of which some are chosen. */
const maxListed = 1_000_000;
/** Least rows of a split: two to train on and two to judge by. */
const leastRows = 4;

/**
 * An array as a table: [rows], [rows, columns], or pictures [rows, height, width] and [rows, height, width, channels].
 *
 * @throws DomainError that names file, row and column
 */
export function arrayTable(path: string, array: FileArray, settings: TableSettings): FileTable {
  refuseSettings(path, settings, { text: "is no text" });
  const { names, isPicture } = namesOf(path, array.shape);
  const [rows] = array.shape;
  const places = chooseFrom(path, names, settings.columns, rows);
  const chosen = places.map((place) => names[place]);
  const values = readPlaces(array, places, names.length, isPicture);
  return keepFinite(path, { values, names: chosen, droppedRows: 0, indexColumns: 0 }, settings.missing === "drop");
}

/** The chosen columns as [rows, columns]. */
function readPlaces(array: FileArray, places: readonly number[], width: number, isPicture: boolean): Tensor {
  const [rows] = array.shape;
  if (array.shape.length === 2) return array.read(places);
  const whole = array.read().reshape([rows, width]);
  const isWhole = !isPicture || (places.length === width && places.every((place, i) => place === i));
  return isWhole ? whole : take(whole, tensor(places, { dtype: "int32" }), 1);
}

/** Names of the columns that an array of this shape has: pixels of pictures have those by which pictures are known. */
function namesOf(path: string, shape: readonly number[]): { names: readonly string[]; isPicture: boolean } {
  const [rows, height, width, channels = 1] = shape;
  const isPicture = shape.length === 3 || (shape.length === 4 && (channels === 1 || channels === 3));
  if (isPicture) {
    const size = height * width * channels;
    if (size < 1 || size > maxDim) checkTableSize(path, rows, size);
    return { names: pixelColumns({ height, width, channels: channels === 3 ? 3 : 1 }), isPicture };
  }
  if (shape.length !== 1 && shape.length !== 2) {
    throw new DomainError(
      `data: ${path} must hold an array [rows, columns], [rows], or pictures [rows, height, width] with 1 or 3 channels or none as a last axis, got [${shape.join(", ")}]; reshape it before saving`,
    );
  }
  checkListed(path, rows, height ?? 1);
  return { names: Array.from({ length: height ?? 1 }, (_, i) => String(i)), isPicture };
}

/** Refuses extreme shapes: the header of an array without elements may claim any width, of which no list of columns may be made. */
function checkListed(path: string, rows: number, width: number): void {
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
  if (!isDropping) return table;
  const rows = Array.from({ length: values.shape[0] }, (_, row) => row);
  const kept = rows.filter((row) => !data.subarray(row * width, (row + 1) * width).some(Number.isNaN));
  if (kept.length === rows.length) return table;
  const whole = new Float64Array(kept.length * width);
  kept.forEach((row, i) => {
    whole.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return {
    ...table,
    values: fromData(whole, [kept.length, width], "float64"),
    droppedRows: rows.length - kept.length,
    keptRows: kept,
  };
}
