import { existsSync, readFileSync } from "node:fs";
import { metricNames } from "@pushforward/training";
import type { ResultRow } from "../report/report.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";

/** Format of the file. */
const version = 1;

/** Writes the scores of a training; a score that is not finite becomes null. */
export const writeScores = (file: string, row: ResultRow): void =>
  writeFileAtomic(file, `${JSON.stringify({ version, metrics: metricNames, row })}\n`);

/**
 * The scores of a training, with NaN for a score that is not finite. Undefined if there is no file, if it cannot be read, or if
 * it was written when there were other metrics: then the training is judged again.
 */
export function readScores(file: string): ResultRow | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const stored = JSON.parse(readFileSync(file, "utf8")) as { version?: unknown; metrics?: unknown; row?: object };
    const isCurrent = stored.version === version && String(stored.metrics) === String(metricNames);
    if (!isCurrent || !stored.row) return undefined;
    const entries = Object.entries(stored.row).map(([name, value]) => [name, value ?? Number.NaN]);
    return entries.every(isFigure) ? (Object.fromEntries(entries) as ResultRow) : undefined;
  } catch {
    return undefined;
  }
}

/** Keys of a row that hold words; all others hold numbers. */
const texts: readonly string[] = ["name", "kind", "note", "samplesBy"] satisfies (keyof ResultRow)[];

const isFigure = ([name, value]: unknown[]): boolean =>
  typeof value === (texts.includes(String(name)) ? "string" : "number");
