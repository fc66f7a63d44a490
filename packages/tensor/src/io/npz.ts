import { DomainError } from "../array/errors.ts";
import { mustBe, optionsOf } from "../array/mustBe.ts";
import { mustBeOneOf } from "../array/suggest.ts";
import type { DenseTensor } from "../array/tensor.ts";
import { quoteCell } from "./columns.ts";
import { describeFileKind } from "./fileKind.ts";
import { parseNpy } from "./npy.ts";
import { openZip, type ZipEntry } from "./zip.ts";

/** Arrays of an .npz file; an array is unpacked when it is read. */
export interface NpzFile {
  readonly names: readonly string[];
  /**
   * The array as an .npy file.
   *
   * @throws DomainError if there is no such array, or its checksum is wrong
   */
  bytes(name: string): Uint8Array;
  /**
   * Bytes of the .npy file of an array, before it is unpacked.
   *
   * @throws DomainError if there is no such array
   */
  size(name: string): number;
}

const suffix = ".npy";

/**
 * Names the arrays of an .npz file as numpy.savez and numpy.savez_compressed write it; other files in the archive are ignored.
 *
 * @param options name: of the file, for messages
 * @throws DomainError if it is not a complete archive, or holds no .npy file
 */
export function openNpz(bytes: Uint8Array, options: { readonly name?: string } = {}): NpzFile {
  mustBe("parseNpz", "the input", bytes, "bytes");
  const where = `parseNpz: "${optionsOf("parseNpz", options).name ?? "input"}"`;
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    throw new DomainError(
      `${where} must be a zip archive, but ${describeFileKind(bytes) ?? "it is none; write it with numpy.savez"}`,
    );
  }
  const entries = openZip(bytes, where);
  const arrays = new Map(
    entries.filter(({ name }) => name.endsWith(suffix)).map((entry) => [entry.name.slice(0, -suffix.length), entry]),
  );
  if (arrays.size === 0 && entries.length > 0) {
    throw new DomainError(
      `${where} must hold .npy files, got ${quoteCell(entries[0]!.name)}; write it with numpy.savez`,
    );
  }
  const names = [...arrays.keys()];
  const entryOf = (name: string): ZipEntry => {
    const entry = arrays.get(name);
    if (entry) return entry;
    throw new DomainError(`${where}: an array ${mustBeOneOf(name, names)}`);
  };
  return { names, bytes: (name) => entryOf(name).read(), size: (name) => entryOf(name).size };
}

/**
 * Reads the arrays of an .npz file.
 *
 * @param options name: of the file, for messages; arrays: names of those to read, default all
 * @throws DomainError if an array is missing or damaged, or holds numbers that no dtype here can
 */
export function parseNpz(
  bytes: Uint8Array,
  options: { readonly name?: string; readonly arrays?: readonly string[] } = {},
): Record<string, DenseTensor> {
  const file = openNpz(bytes, options);
  const read = (name: string): [string, DenseTensor] => [
    name,
    parseNpy(file.bytes(name), { name: `${options.name ?? "input"}:${name}` }),
  ];
  return Object.fromEntries((options.arrays ?? file.names).map(read));
}
