import { DomainError, type Tensor } from "@pushforward/tensor";
import type { RowLabels } from "@pushforward/training";
import type { TableSettings } from "../settings/dataSettings.ts";
import { chooseColumns } from "./columns.ts";

/** Chosen columns of a file. */
export interface FileTable {
  /** [rows, columns], finite, in the file's units */
  readonly values: Tensor;
  readonly names: readonly string[];
  /** Rows that were left out because a number is missing in them. */
  readonly droppedRows: number;
  /** Places of the other rows in the file, where some were left out and the places are known. */
  readonly keptRows?: readonly number[];
  /** First columns that were left out because they are an index. */
  readonly indexColumns: number;
  /** Labels of the rows, where the data hold them. */
  readonly labels?: RowLabels;
  /** Whether large numbers of pixels are bright. */
  readonly isBright?: boolean;
}

/** Most columns to learn: a network of more coordinates cannot be trained on one machine. */
export const maxDim = 4096;
/** Most numbers to learn: two gigabytes of float64, of which a training holds some copies. */
const maxNumbers = 250_000_000;

/**
 * Refuses data that are too large before they are read.
 *
 * @throws DomainError that names the data
 */
export function checkTableSize(path: string, rows: number, width: number): void {
  if (!(width >= 1 && width <= maxDim)) {
    throw new DomainError(
      `data: ${path} must have 1 to ${maxDim} columns to learn, got ${width}; choose some with --columns`,
    );
  }
  if (rows * width <= maxNumbers) return;
  throw new DomainError(
    `data: ${path} must hold at most ${maxNumbers / 1e6} million numbers to learn, got ${rows} rows of ${width}; save fewer rows, or choose columns with --columns`,
  );
}

/** Indices of the chosen columns; too many columns are refused before they are read. */
export function chooseFrom(path: string, names: readonly string[], columns?: readonly string[], rows = 0): number[] {
  const places = columns ? chooseColumns(path, names, columns) : names.map((_, i) => i);
  checkTableSize(path, rows, places.length);
  return places;
}

/** Settings of text files alone. */
const textSettings = ["header", "separator", "decimal"] as const;

/** @throws DomainError if a setting is given that means nothing for these data */
export function refuseSettings(
  path: string,
  settings: TableSettings,
  unusable: Readonly<Partial<Record<keyof TableSettings | "text", string>>>,
): void {
  const { text, ...others } = unusable;
  const reasons = {
    ...(text === undefined ? {} : Object.fromEntries(textSettings.map((name) => [name, text]))),
    ...others,
  };
  for (const [name, reason] of Object.entries(reasons)) {
    if (settings[name as keyof TableSettings] !== undefined)
      throw new DomainError(`data: ${path} ${reason}; leave --${name} out`);
  }
}
