import {
  type CsvWording,
  countUnnamed,
  DomainError,
  describeColumns,
  parseCsv,
  type Tensor,
} from "@pushforward/tensor";
import type { TableSettings } from "../settings/dataSettings.ts";
import { chooseColumns, columnsOption } from "./columns.ts";
import { checkTableSize, chooseFrom, type FileTable, refuseSettings } from "./fileTable.ts";
import { labelsOf } from "./rowLabels.ts";

/** Options of parseCsv as options of the command. */
const commandWording: CsvWording = {
  columns: columnsOption,
  option: (name, value) => `--${name} ${typeof value === "boolean" ? (value ? "yes" : "no") : value}`,
};

/**
 * The chosen columns of a text file, and the labels in one of its columns.
 *
 * @throws DomainError that names file, row and column
 */
export function textTable(path: string, bytes: Buffer, settings: TableSettings, labelColumn?: string): FileTable {
  const { columns, header, separator, decimal, missing } = settings;
  refuseSettings(path, settings, { array: "holds no arrays" });
  const table = parseCsv(bytes, {
    ...{ separator, decimal, missing },
    name: path,
    columns: (names) => placesOf(path, names, columns, labelColumn),
    ...(header ? { header: header === "yes" } : {}),
    wording: commandWording,
  });
  const { droppedRows } = table;
  const width = table.columns.length - (labelColumn === undefined ? 0 : 1);
  const indexColumns = columns ? 0 : indexWidth(table.values, table.columns);
  const values = table.values.slice(null, [indexColumns, width]);
  const isWhole = indexColumns === 0 && labelColumn === undefined;
  const labels = labelColumn === undefined ? undefined : labelsOf(path, table.values.slice(null, width).dataSync());
  return {
    values: isWhole ? table.values : values,
    names: table.columns.slice(indexColumns, width),
    ...{ droppedRows, indexColumns },
    ...(labels ? { labels } : {}),
  };
}

/** Indices of the columns to read: the columns to learn, then that of the labels, which is not learnt. */
function placesOf(
  path: string,
  names: readonly string[],
  columns: readonly string[] | undefined,
  labelColumn: string | undefined,
): number[] {
  if (labelColumn === undefined) return chooseFrom(path, names, columns);
  const [label, ...others] = chooseColumns(path, names, [labelColumn]);
  if (others.length > 0)
    throw new DomainError(`data: ${path}: --labels must name one column, got ${describeColumns([labelColumn])}`);
  const chosen = columns ? chooseColumns(path, names, columns) : names.map((_, i) => i);
  const places = chosen.filter((place) => place !== label);
  checkTableSize(path, 0, places.length);
  return [...places, label];
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
