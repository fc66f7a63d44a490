import { existsSync, readFileSync } from "node:fs";
import type { ResultRow } from "../report/report.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";

/** What figures.json says besides the figures; figures of another version are judged again. */
const version = 1;

/** Writes down how a training was judged; what is not finite becomes null. */
export const writeFigures = (file: string, row: ResultRow): void =>
  writeFileAtomic(file, `${JSON.stringify({ version, row })}\n`);

/** How a training was judged, with NaN for what is not finite; undefined if it was not, or the file cannot be read. */
export function readFigures(file: string): ResultRow | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const stored = JSON.parse(readFileSync(file, "utf8")) as { version?: unknown; row?: object };
    if (stored.version !== version || !stored.row) return undefined;
    const entries = Object.entries(stored.row).map(([name, value]) => [name, value ?? Number.NaN]);
    return entries.every(isFigure) ? (Object.fromEntries(entries) as ResultRow) : undefined;
  } catch {
    return undefined;
  }
}

/** What a row says in words; everything else in it is a number. */
const texts: readonly string[] = ["name", "kind", "note", "samplesBy"] satisfies (keyof ResultRow)[];

const isFigure = ([name, value]: unknown[]): boolean =>
  typeof value === (texts.includes(String(name)) ? "string" : "number");
