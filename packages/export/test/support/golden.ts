import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DenseTensor } from "@pushforward/tensor";

/** A result of a framework: the digest of the source that was executed, and its numbers. */
export interface Golden {
  readonly sha256: string;
  readonly results: readonly (readonly number[])[];
}

/** Results of a framework by the title of their case. */
export type GoldenTable = Readonly<Record<string, Golden>>;

const fileOf = (module: string): string => join(import.meta.dirname, "..", "golden", `${module}.json`);

/** The results that a framework once gave; none without the file. */
export const goldenOf = (module: string): GoldenTable =>
  existsSync(fileOf(module)) ? (JSON.parse(readFileSync(fileOf(module), "utf8")) as GoldenTable) : {};

export const digestOf = (source: string): string => createHash("sha256").update(source).digest("hex");

/** The record of a case that was executed. */
export const goldenFrom = (source: string, results: readonly DenseTensor[]): Golden => ({
  sha256: digestOf(source),
  results: results.map(({ buffer }) => [...buffer]),
});

/** Writes the results of a framework, where the variable WRITE_GOLDEN is 1. */
export function writeGolden(module: string, table: GoldenTable): void {
  if (process.env.WRITE_GOLDEN !== "1") return;
  writeFileSync(
    fileOf(module),
    `${JSON.stringify(table, undefined, 1).replace(/\[[^[\]{}]*\]/g, (list) => list.replace(/\s+/g, " "))}\n`,
  );
}
