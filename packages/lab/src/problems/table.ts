import { readFileSync, statSync } from "node:fs";
import { concat, DomainError, parseCsv, parseNpy, type Tensor } from "@pushforward/tensor";
import { fileError } from "../run/atomicFile.ts";
import { chooseColumns } from "./columns.ts";

/** Chosen columns of a file. */
export interface FileTable {
  /** [rows, columns], finite, in the file's units */
  readonly values: Tensor;
  readonly names: readonly string[];
}

/** Larger text cannot be held in one string. */
const maxCsvBytes = 400_000_000;

/** Whether a person means a file rather than an embedded problem. */
export const isDataFile = (data: string): boolean => /\.(csv|npy)$/i.test(data);

/**
 * The bytes of a data file.
 *
 * @throws DomainError that names the file if it cannot be read, is empty, or is too large
 */
export function readDataFile(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (!/\.npy$/i.test(path) && size > maxCsvBytes) {
      throw new DomainError(
        `data: ${path} must be smaller than 400 MB, got ${Math.round(size / 1e6)} MB; save it as .npy`,
      );
    }
    const bytes = readFileSync(path);
    if (bytes.length === 0) throw new DomainError(`data: ${path} is empty; it must hold rows of numbers`);
    return bytes;
  } catch (error) {
    throw fileError("data", path, error);
  }
}

/**
 * Reads the chosen columns of a file.
 *
 * @param columns names, patterns, ranges or indices; all columns by default
 * @throws DomainError that names file, row and column
 */
export const readTable = (path: string, bytes: Buffer, columns?: readonly string[]): FileTable =>
  /\.npy$/i.test(path) ? readNpy(path, bytes, columns) : readCsv(path, bytes.toString("utf8"), columns);

function readCsv(path: string, text: string, columns?: readonly string[]): FileTable {
  const cells = firstCells(text);
  const options = columns && {
    columns: chooseColumns(path, cells, columns),
    // what is not chosen by numbers alone is chosen by the names in the first row
    ...(columns.every((column) => /^\d+(\.\.\d+)?$/.test(column)) ? {} : { header: true }),
  };
  const { values, columns: names } = parseCsv(text, { name: path, ...options });
  return { values, names };
}

/** The cells of the first row that has any; quotes may hold commas, not line ends. */
function firstCells(text: string): string[] {
  const line = /[^\r\n]*\S[^\r\n]*/.exec(text.replace(/^\uFEFF/, ""))?.[0] ?? "";
  return [...line.matchAll(/(?:^|,)\s*("(?:[^"]|"")*"|[^,]*)/g)].map(([, cell]) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell.trim(),
  );
}

function readNpy(path: string, bytes: Buffer, columns?: readonly string[]): FileTable {
  const values = parseNpy(bytes, { name: path });
  if (values.rank !== 2) {
    throw new DomainError(
      `data: ${path} must hold an array [rows, columns], got [${values.shape.join(", ")}]; reshape it before saving`,
    );
  }
  const names = Array.from({ length: values.shape[1] }, (_, i) => String(i));
  const chosen = columns ? pick(values, chooseColumns(path, names, columns)) : { values, names };
  checkFinite(path, chosen);
  return chosen;
}

function pick(values: Tensor, places: readonly number[]): FileTable {
  const parts = places.map((place) => values.slice(null, [place, place + 1]));
  return { values: concat(parts, 1), names: places.map(String) };
}

function checkFinite(path: string, { values, names }: FileTable): void {
  const data = values.dataSync();
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const [row, column] = [Math.floor(bad / names.length), names[bad % names.length]];
  throw new DomainError(
    `data: ${path} row ${row}, column ${column} (counted from 0) must be a finite number, got ${data[bad]}`,
  );
}
