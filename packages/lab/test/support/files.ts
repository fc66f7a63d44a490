import { writeFileSync } from "node:fs";
import { formatNpy, fromData, key, normal } from "@pushforward/tensor";

/** A CSV file of two columns of numbers that are no line. */
export const csvOf = (rows: number): string =>
  `x,y\n${Array.from({ length: rows }, (_, i) => `${(i * 7) % 11},${(i * i) % 13}\n`).join("")}`;

/** A NumPy file of normal numbers. */
export const npyOf = (shape: readonly number[]): Uint8Array => formatNpy(normal(key(1), shape));

/** A NumPy file of the given numbers, [rows, 2]. */
export const npyOfNumbers = (...numbers: number[]): Uint8Array =>
  formatNpy(fromData(Float64Array.from(numbers), [numbers.length / 2, 2]));

/** A NumPy file of this shape and type, as Python writes them, with as many zero bytes of data. */
export function npyHeaderOf(shape: string, descr = "<f8", dataBytes = 0): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  return Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]),
    Buffer.from(`${header}\n`),
    Buffer.alloc(dataBytes),
  ]);
}

/** A NumPy file of type <U3, as NumPy writes text. */
export const npyOfStrings = (): Uint8Array => npyHeaderOf("(2, 2)", "<U3", 48);

/** Writes a file and gives its path back. */
export function written(path: string, content: string | Uint8Array): string {
  writeFileSync(path, content);
  return path;
}
