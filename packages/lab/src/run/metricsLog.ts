import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { DomainError, quote } from "@pushforward/tensor";
import type { Observation } from "@pushforward/training";
import { fileError } from "./atomicFile.ts";
import type { LogEnd } from "./logEnd.ts";
import { type WriteBytes, writeWhole } from "./writeWhole.ts";

/** One line of metrics.jsonl: the step, its metrics, and where it was observed `observed`, an {@link Observation}. NaN and infinities are stored as null. */
export interface MetricsRecord {
  /** Optimiser steps done; never decreases along the file. */
  readonly step: number;
  readonly [metric: string]: number | string | boolean | null | Observation;
}

/** An open metrics.jsonl. */
export interface MetricsLog {
  /** Adds a whole line, or throws and adds nothing. */
  append(record: MetricsRecord): void;
  /** Length of the file and its last line, for the metadata of a checkpoint. */
  end(): LogEnd;
  /** Forces all lines to the disk; call it before a checkpoint that relies on them. */
  sync(): void;
  close(): void;
}

/**
 * Opens metrics.jsonl for a run that continues after `step`. Later lines, which the run will write again, and a half-written last
 * line are cut off.
 *
 * @param path the file; made if missing
 * @param step step of the checkpoint; undefined without a checkpoint: then all lines are cut off
 * @param write one write to the disk; an argument for tests
 * @throws DomainError that names file and line if the file is damaged or cannot be written
 */
export function openMetricsLog(path: string, step = Number.NEGATIVE_INFINITY, write?: WriteBytes): MetricsLog {
  const kept = existsSync(path) ? linesUpTo(readLog(path).lines, step).at(-1) : undefined;
  let end: LogEnd = kept ? { bytes: kept.end, line: kept.text } : { bytes: 0 };
  const file = attempt(path, () => openSync(path, "a"));
  attempt(path, () => ftruncateSync(file, end.bytes));
  return {
    append(record) {
      const line = JSON.stringify(record);
      const bytes = Buffer.from(`${line}\n`);
      try {
        writeWhole(file, bytes, write);
      } catch (error) {
        ftruncateSync(file, end.bytes); // the next line must not join the part that was written
        throw fileError("metrics", path, error);
      }
      end = { bytes: end.bytes + bytes.length, line };
    },
    end: () => end,
    sync: () => attempt(path, () => fsyncSync(file)),
    close: () => closeSync(file),
  };
}

/**
 * Cuts off a last line that was written in part, by a full disk or a power cut.
 *
 * @param endAtCheckpoint end of the log at the checkpoint; a lost line that ended there is written again
 * @returns the repair in a sentence; undefined if the log was whole
 * @throws DomainError that names file and line if the file is damaged before its last line, or cannot be written
 */
export function mendMetrics(path: string, endAtCheckpoint: () => LogEnd | undefined): string | undefined {
  if (!existsSync(path)) return undefined;
  const { lines, size } = readLog(path);
  const whole = lines.at(-1)?.end ?? 0;
  if (whole === size) return undefined;
  const end = endAtCheckpoint();
  const lost = end?.line === undefined ? undefined : Buffer.from(`${end.line}\n`);
  const isKnown = lost !== undefined && whole + lost.length === end?.bytes;
  const file = attempt(path, () => openSync(path, "a"));
  try {
    attempt(path, () => ftruncateSync(file, whole));
    if (isKnown) attempt(path, () => writeWhole(file, lost));
    attempt(path, () => fsyncSync(file));
  } finally {
    closeSync(file);
  }
  const cut = `metrics: ${path} ended with an incomplete line of ${size - whole} bytes, which was cut off`;
  return isKnown ? `${cut} and written again from the checkpoint` : cut;
}

/**
 * All whole lines of metrics.jsonl; a half-written last one is left out.
 *
 * @throws DomainError that names file and line if the file is damaged or cannot be read
 */
export const readMetrics = (path: string): MetricsRecord[] => readLog(path).lines.map(({ record }) => record);

interface Line {
  readonly record: MetricsRecord;
  readonly text: string;
  /** Bytes from the start of the file to the end of the line. */
  readonly end: number;
}

/** The lines before the first one whose step is beyond the given step. */
function linesUpTo(lines: readonly Line[], step: number): readonly Line[] {
  const beyond = lines.findIndex(({ record }) => record.step > step);
  return beyond < 0 ? lines : lines.slice(0, beyond);
}

/** All whole lines of a log, and the bytes of the file; bytes beyond the last line are the incomplete end. */
function readLog(path: string): { readonly lines: readonly Line[]; readonly size: number } {
  const bytes = attempt(path, () => readFileSync(path));
  const lines: Line[] = [];
  for (let start = 0; ; ) {
    const newline = bytes.indexOf(0x0a, start);
    if (newline < 0) break; // the last line was cut short
    const text = bytes.toString("utf8", start, newline);
    const record = parseLine(text);
    if (!record) {
      if (isLost(bytes.subarray(start))) break;
      throw damaged(path, lines.length + 1, text);
    }
    lines.push({ record, text, end: newline + 1 });
    start = newline + 1;
  }
  return { lines, size: bytes.length };
}

/**
 * Whether the end of a file was lost in a power cut: its pages hold zero bytes, and no later line is whole.
 */
const isLost = (rest: Buffer): boolean =>
  rest.subarray(0, rest.indexOf(0x0a)).includes(0) && !rest.toString("utf8").split("\n").some(parseLine);

function parseLine(text: string): MetricsRecord | undefined {
  try {
    const record = JSON.parse(text) as MetricsRecord | null;
    return typeof record?.step === "number" ? record : undefined;
  } catch {
    return undefined;
  }
}

const damaged = (path: string, line: number, text: string): DomainError =>
  new DomainError(`metrics: ${path}, line ${line} must be a JSON object with a step, got ${quote(text)}`);

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileError("metrics", path, error);
  }
}
