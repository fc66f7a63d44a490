import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromData } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { writeCheckpoint } from "../../src/run/checkpoint.ts";
import { logEndNote } from "../../src/run/logEnd.ts";
import { mendRun } from "../../src/run/mendRun.ts";
import { ownIdentity } from "../../src/run/processIdentity.ts";
import { createRun } from "../../src/run/runFolder.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const lines = ['{"step":2,"loss":0.5}', '{"step":4,"loss":0.25}', '{"step":6,"loss":0.125}'];
const whole = `${lines.join("\n")}\n`;

/** A run whose metrics have some content and whose checkpoint was made at the end of its log. */
function runWith(path: string, metrics: string | Uint8Array): string {
  const { files } = createRun(path, {});
  writeFileSync(files.metrics, metrics);
  const end = { bytes: whole.length, line: lines[2] };
  writeCheckpoint(files.checkpoint, {
    step: 6,
    tensors: { x: fromData(Float64Array.of(1), []) },
    metadata: logEndNote(end),
  });
  return files.metrics;
}

describe("mendRun", () => {
  it("sweeps what killed processes left, in the run and in the runs inside it, and nothing else", () => {
    const path = join(temporaryFolder(), "run");
    runWith(path, whole);
    runWith(join(path, "teacher"), whole);
    const stale = `${JSON.stringify({ ...ownIdentity(), pid: 2 ** 30, since: "", token: "" })}\n`;
    for (const folder of [path, join(path, "teacher")]) {
      for (const name of ["timing.json", "checkpoint.safetensors", "report.html"]) {
        writeFileSync(join(folder, `${name}.partial`), "half");
      }
      writeFileSync(join(folder, "writer-3.json"), stale);
      writeFileSync(join(folder, "notes.txt"), "mine");
    }
    mkdirSync(join(path, "mine"));
    writeFileSync(join(path, "mine", "thesis.partial"), "kept: this is no run");
    expect(mendRun(path)).toEqual([]);
    const left = ["checkpoint.safetensors", "config.json", "metrics.jsonl", "notes.txt"];
    expect(readdirSync(join(path, "teacher")).sort()).toEqual(left);
    expect(readdirSync(path).sort()).toEqual([...left, "mine", "teacher"].sort());
    expect(readdirSync(join(path, "mine"))).toEqual(["thesis.partial"]);
  });

  it("leaves a run into which another process writes to that process", () => {
    const path = join(temporaryFolder(), "run");
    const metrics = runWith(path, `${whole}{"st`);
    writeFileSync(join(path, "writer-1.json"), `${JSON.stringify({ ...ownIdentity(), token: "other" })}\n`);
    writeFileSync(join(path, "timing.json.partial"), "being written");
    expect(mendRun(path)).toEqual([]);
    expect(existsSync(join(path, "timing.json.partial"))).toBe(true);
    expect(readFileSync(metrics, "utf8")).toBe(`${whole}{"st`);
  });

  it.each([
    ["a part of a line", `${whole}{"step":8,"lo`, 13],
    ["zero bytes", Buffer.concat([Buffer.from(whole), Buffer.alloc(5)]), 5],
    ["zero bytes and a line end", Buffer.concat([Buffer.from(whole), Buffer.alloc(5), Buffer.from("\n")]), 6],
    ["a part of a line, zero bytes and a line end", Buffer.from(`${whole}{"ste\0\0\0\n`), 9],
    ["zero bytes over several line ends", Buffer.from(`${whole}\0\0\n\0\n`), 5],
  ])("cuts %s off the end of metrics.jsonl and says so", (_, content, size) => {
    const path = join(temporaryFolder(), "run");
    const metrics = runWith(path, content);
    expect(mendRun(path)).toEqual([
      `metrics: ${metrics} ended with an incomplete line of ${size} bytes, which was cut off`,
    ]);
    expect(readFileSync(metrics, "utf8")).toBe(whole);
    expect(mendRun(path)).toEqual([]);
  });

  it("writes the line before the checkpoint again, wherever it was cut", () => {
    const start = whole.length - lines[2].length - 1;
    for (let length = start + 1; length < whole.length; length++) {
      const path = join(temporaryFolder(), "run");
      const metrics = runWith(path, whole.slice(0, length));
      const [note] = mendRun(path);
      expect(note).toMatch(/which was cut off and written again from the checkpoint$/);
      expect(readFileSync(metrics, "utf8")).toBe(whole);
    }
  });

  it("does not write that line again after others that are missing", () => {
    const path = join(temporaryFolder(), "run");
    const metrics = runWith(path, whole.slice(0, lines[0].length + 5));
    expect(mendRun(path)).toHaveLength(1);
    expect(readFileSync(metrics, "utf8")).toBe(`${lines[0]}\n`);
  });

  it("leaves a log that is damaged before its end as it is", () => {
    const damaged = `${lines[0]}\n{"st\0\0\n${lines[2]}\n{"st`;
    const path = join(temporaryFolder(), "run");
    const metrics = runWith(path, damaged);
    expect(mendRun(path)).toEqual([]);
    expect(readFileSync(metrics, "utf8")).toBe(damaged);
  });
});
