import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { readMetrics } from "../../src/run/metricsLog.ts";
import { csvOf, written } from "./files.ts";

/** A folder for runs of ten steps on a data file of few rows; it is gone after the tests of a file. */
export interface TinyRuns {
  path(name: string): string;
  /** Options of every run: each update writes a line of metrics. */
  readonly settings: readonly string[];
  /** The losses of a run, to the last bit. */
  lossesOf(run: string): readonly unknown[];
}

/** Makes the folder. A few held-out rows are judged in a fraction of the time of an embedded problem with its 4000 points. */
export function tinyRuns(): TinyRuns {
  const folder = mkdtempSync(join(tmpdir(), "pushforward-runs-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  const data = written(path("data.csv"), csvOf(40));
  return {
    path,
    settings: `--data ${data} --steps 10 --teacher-steps 10 --batch 16 --width 8 --log-every 1`.split(" "),
    lossesOf: (run) => readMetrics(join(path(run), "metrics.jsonl")).map(({ loss }) => loss),
  };
}
