import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { DomainError } from "@pushforward/tensor";
import { fileError } from "./atomicFile.ts";

/** One line of metrics.jsonl: the step and what was measured there. NaN and infinities are stored as null. */
export interface MetricsRecord {
  /** Steps done when it was measured; never decreases along the file. */
  readonly step: number;
  readonly [metric: string]: number | string | boolean | null;
}

/** An open metrics.jsonl. */
export interface MetricsLog {
  /** Adds a line, in one write. */
  append(record: MetricsRecord): void;
  /** Forces all lines to the disk; call it before a checkpoint that relies on them. */
  sync(): void;
  close(): void;
}

/**
 * Opens metrics.jsonl for a run that goes on after `step`: later lines, which the run will write again, and a
 * half-written last line are cut off.
 *
 * @param path the file; made if missing
 * @param step steps that the checkpoint has seen; undefined when there is none, then everything is cut off
 * @throws DomainError that names file and line if the file is damaged or cannot be written
 */
export function openMetricsLog(path: string, step = Number.NEGATIVE_INFINITY): MetricsLog {
  const length = existsSync(path) ? lengthUpTo(path, step) : 0;
  const file = attempt(path, () => openSync(path, "a"));
  attempt(path, () => ftruncateSync(file, length));
  return {
    append: (record) => void attempt(path, () => writeSync(file, `${JSON.stringify(record)}\n`)),
    sync: () => attempt(path, () => fsyncSync(file)),
    close: () => closeSync(file),
  };
}

/**
 * All whole lines of metrics.jsonl; a half-written last one is left out.
 *
 * @throws DomainError that names file and line if the file is damaged or cannot be read
 */
export const readMetrics = (path: string): MetricsRecord[] => readLines(path).map(({ record }) => record);

interface Line {
  readonly record: MetricsRecord;
  /** Bytes from the start of the file to the end of the line. */
  readonly end: number;
}

/** Bytes of the longest beginning that has no step beyond the given one. */
function lengthUpTo(path: string, step: number): number {
  const lines = readLines(path);
  const beyond = lines.findIndex(({ record }) => record.step > step);
  const kept = beyond < 0 ? lines : lines.slice(0, beyond);
  return kept.at(-1)?.end ?? 0;
}

function readLines(path: string): Line[] {
  const bytes = attempt(path, () => readFileSync(path));
  const lines: Line[] = [];
  for (let start = 0; ; ) {
    const newline = bytes.indexOf(0x0a, start);
    if (newline < 0) return lines; // whatever is left was cut short
    lines.push({ record: parseLine(path, lines.length + 1, bytes.toString("utf8", start, newline)), end: newline + 1 });
    start = newline + 1;
  }
}

function parseLine(path: string, line: number, text: string): MetricsRecord {
  try {
    const record = JSON.parse(text) as MetricsRecord;
    if (typeof record?.step === "number") return record;
  } catch {
    // Reported below, with the place.
  }
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  throw new DomainError(
    `metrics: ${path}, line ${line} must be a JSON object with a step, got ${JSON.stringify(shown)}`,
  );
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileError("metrics", path, error);
  }
}
