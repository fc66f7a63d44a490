import type { TableSettings } from "../settings/dataSettings.ts";
import type { FileArray } from "./arrayTable.ts";
import type { FileTable } from "./fileTable.ts";

/** Data on the disk before their numbers are read. */
export interface OpenedData {
  /** The digest of everything that is read. */
  readonly sha256: string;
  /**
   * The chosen columns.
   *
   * @param labels what the data call their labels: a column of a text file, an array of an .npz file
   */
  table(settings: TableSettings, labels?: string): FileTable;
  /** The array that the file holds, in formats of one array. */
  array?(): FileArray;
}
