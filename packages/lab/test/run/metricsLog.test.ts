import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openMetricsLog, readMetrics } from "../../src/run/metricsLog.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const fresh = (): string => join(temporaryFolder(), "metrics.jsonl");

/** Writes the lines of steps from…to as a run would. */
function log(path: string, from: number, to: number, resumeAt?: number): void {
  const metrics = openMetricsLog(path, resumeAt);
  for (let step = from; step <= to; step++) metrics.append({ step, loss: 1 / step, note: "größer" });
  metrics.sync();
  metrics.close();
}

describe("metrics log", () => {
  it("reads back what was written, one JSON object per line", () => {
    const path = fresh();
    log(path, 1, 3);
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(4);
    expect(readMetrics(path)).toEqual([1, 2, 3].map((step) => ({ step, loss: 1 / step, note: "größer" })));
  });

  it("ends with the same bytes when a run is broken and resumed at its checkpoint", () => {
    const [unbroken, resumed] = [fresh(), fresh()];
    log(unbroken, 1, 10);
    log(resumed, 1, 7);
    log(resumed, 5, 10, 4);
    expect(readFileSync(resumed)).toEqual(readFileSync(unbroken));
  });

  it("drops a half-written last line, on reading and on resuming", () => {
    const path = fresh();
    log(path, 1, 2);
    appendFileSync(path, '{"step":3,"lo');
    expect(readMetrics(path).map(({ step }) => step)).toEqual([1, 2]);
    log(path, 3, 3, 2);
    expect(readMetrics(path).map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it("drops a half-written line that ends inside a letter of several bytes", () => {
    const path = fresh();
    log(path, 1, 1);
    appendFileSync(path, Buffer.from('{"step":2,"note":"ö').subarray(0, -1));
    log(path, 2, 2, 1);
    expect(readMetrics(path)).toHaveLength(2);
  });

  it("keeps several lines of one step, and cuts at the first later one", () => {
    const path = fresh();
    writeFileSync(path, '{"step":0}\n{"step":5,"a":1}\n{"step":5,"b":2}\n{"step":6}\n');
    openMetricsLog(path, 5).close();
    expect(readMetrics(path)).toEqual([{ step: 0 }, { step: 5, a: 1 }, { step: 5, b: 2 }]);
  });

  it("starts empty without a checkpoint", () => {
    const path = fresh();
    log(path, 1, 5);
    openMetricsLog(path).close();
    expect(existsSync(path)).toBe(true);
    expect(readMetrics(path)).toEqual([]);
  });

  it("stores what is not finite as null", () => {
    const path = fresh();
    const metrics = openMetricsLog(path);
    metrics.append({ step: 1, loss: Number.NaN });
    metrics.close();
    expect(readMetrics(path)).toEqual([{ step: 1, loss: null }]);
  });

  it("names file and line of a damaged line, and leaves the file as it is", () => {
    const path = fresh();
    const text = '{"step":1}\n{"stap":2}\n{"step":3}\n';
    writeFileSync(path, text);
    const message = `metrics: ${path}, line 2 must be a JSON object with a step, got "{\\"stap\\":2}"`;
    expect(() => readMetrics(path)).toThrow(message);
    expect(() => openMetricsLog(path, 3)).toThrow(message);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("names a file that cannot be opened", () => {
    const path = join(temporaryFolder(), "missing", "metrics.jsonl");
    expect(() => openMetricsLog(path)).toThrow(`cannot use ${path}: there is no such file or folder`);
    expect(() => readMetrics(path)).toThrow(path);
  });
});
