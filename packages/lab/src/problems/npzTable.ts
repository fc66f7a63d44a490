import { DomainError, describeColumns, mustBeOneOf, type NpzFile, openNpz } from "@pushforward/tensor";
import type { TableSettings } from "../settings/dataSettings.ts";
import { arrayTable, npyArray } from "./arrayTable.ts";
import { maxBytes } from "./dataFile.ts";
import type { FileTable } from "./fileTable.ts";
import { arrayLabels } from "./rowLabels.ts";

/**
 * An array of an .npz file as a table, and another as the labels of its rows.
 *
 * @param labelArray name of the array of labels
 * @throws DomainError that names file, array, row and column
 */
export function npzTable(path: string, bytes: Buffer, settings: TableSettings, labelArray?: string): FileTable {
  const file = openNpz(bytes, { name: path });
  const others = file.names.filter((each) => each !== labelArray);
  const name = settings.array ?? (others.length === 1 ? others[0] : undefined);
  if (name === undefined) {
    const held = file.names.length === 0 ? "no array" : `${file.names.length} arrays: ${describeColumns(file.names)}`;
    throw new DomainError(`data: ${path} holds ${held}; choose one with --array`);
  }
  const table = arrayTable(`${path}:${name}`, arrayIn(path, file, name, "array"), { ...settings, array: undefined });
  if (labelArray === undefined) return table;
  return { ...table, labels: arrayLabels(`${path}:${labelArray}`, arrayIn(path, file, labelArray, "labels"), table) };
}

/** An array of the file by its name. */
function arrayIn(path: string, file: NpzFile, name: string, option: string) {
  if (!file.names.includes(name)) throw new DomainError(`data: ${path}: --${option} ${mustBeOneOf(name, file.names)}`);
  const size = file.size(name);
  if (size > maxBytes.binary) {
    throw new DomainError(
      `data: ${path}:${name} must be smaller than ${maxBytes.binary / 1e6} MB, got ${Math.round(size / 1e6)} MB; save fewer rows or columns`,
    );
  }
  return npyArray(`${path}:${name}`, file.bytes(name));
}
