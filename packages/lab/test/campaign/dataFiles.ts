import { type DType, formatNpy, fromData } from "@pushforward/tensor";
import { zipSync } from "fflate";
import type { TableSettings } from "../../src/settings/dataSettings.ts";
import type { Random } from "./random.ts";

/** A data file with the numbers that are in it. */
export interface DataFile {
  readonly ending: string;
  readonly content: Uint8Array;
  readonly settings: TableSettings;
  /** [rows][columns]; float32 where the file holds no more */
  readonly values: readonly (readonly number[])[];
}

/** A file of a random format with random numbers, and how it is read. */
export function randomDataFile(random: Random): DataFile {
  const [rows, columns] = [random.whole(4, 12), random.whole(2, 4)];
  const values = Array.from({ length: rows }, () => Array.from({ length: columns }, () => randomNumber(random)));
  return random.choose([textFile, textFile, arrayFile, archiveFile])(values, random);
}

/** A number with a fraction, so that no row looks like names. */
const randomNumber = (random: Random): number => (random.whole(-1_000_000, 1_000_000) * 2 + 1) / 16;

function textFile(values: DataFile["values"], random: Random): DataFile {
  const separator = random.choose([",", ";", "\t", " ", "|"]);
  const mark = separator !== "," && random.isTrue() ? "," : ".";
  const lineEnd = random.choose(["\n", "\r\n", "\r"]);
  const isQuoted = random.isTrue(0.2);
  const hasHeader = random.isTrue();
  const cell = (text: string): string => (isQuoted || text.includes(separator) ? `"${text}"` : text);
  const isIndexed = hasHeader && separator !== " " && random.isTrue(0.3);
  const names = values[0].map((_, i) => random.choose([`c${i}`, `name, ${i}`, `two\nlines ${i}`, `größe;${i}`]));
  const lines = values.map((row, i) => [
    ...(isIndexed ? [cell(String(i))] : []),
    ...row.map((value) => cell(String(value).replace(".", mark))),
  ]);
  if (hasHeader) lines.unshift([...(isIndexed ? [""] : []), ...names.map((name) => `"${name}"`)]);
  const declaration = separator !== " " && random.isTrue(0.1) ? `sep=${separator}${lineEnd}` : "";
  const text = lines.map((line) => line.join(separator) + lineEnd).join("");
  return {
    ending: random.choose(["csv", "tsv", "txt"]),
    content: Buffer.from(`${random.isTrue(0.2) ? "\ufeff" : ""}${declaration}${text}`),
    settings: isIndexed ? { columns: values[0].map((_, i) => String(i + 1)) } : {},
    values,
  };
}

function arrayOf(values: DataFile["values"], random: Random): Pick<DataFile, "content" | "values"> {
  const dtype = random.choose(["float64", "float32", "int32"] as const satisfies readonly DType[]);
  const held = values.map((row) => row.map((value) => (dtype === "int32" ? Math.round(value) : Math.fround(value))));
  const data = { float64: Float64Array, float32: Float32Array, int32: Int32Array }[dtype].from(held.flat());
  return { content: formatNpy(fromData(data, [held.length, held[0].length], dtype)), values: held };
}

const arrayFile = (values: DataFile["values"], random: Random): DataFile => ({
  ending: "npy",
  settings: {},
  ...arrayOf(values, random),
});

function archiveFile(values: DataFile["values"], random: Random): DataFile {
  const chosen = arrayOf(values, random);
  const other = arrayOf([[1, 2]], random);
  const level = random.choose([0, 6] as const);
  const content = zipSync({ "other.npy": other.content, "points.npy": chosen.content }, { level });
  return { ending: "npz", content, settings: { array: "points" }, values: chosen.values };
}
