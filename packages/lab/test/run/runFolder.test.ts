import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { createRun, isRun, openRun } from "../../src/run/runFolder.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const config = { loss: "meanFlow", steps: 400, range: [0, 1.5] };
const parse = (value: unknown): typeof config => value as typeof config;

describe("run folder", () => {
  it("is made with its parents and gives the configuration back", () => {
    const path = join(temporaryFolder(), "runs", "first");
    const run = createRun(path, config);
    expect(isRun(path)).toBe(true);
    expect(readdirSync(path)).toEqual(["config.json"]);
    expect(openRun(path, parse)).toEqual(run);
    expect(run.files.metrics).toBe(join(path, "metrics.jsonl"));
  });

  it("may be an empty folder, or one in which a start was killed", () => {
    const path = temporaryFolder();
    writeFileSync(join(path, "config.json.partial"), '{ "format": "push');
    expect(isRun(path)).toBe(false);
    createRun(path, config);
    expect(readdirSync(path)).toEqual(["config.json"]);
  });

  it("is refused where a run is already, and where something else is, by name", () => {
    const path = temporaryFolder();
    createRun(path, config);
    expect(() => createRun(path, config)).toThrow("already holds a run; resume it or choose another folder");
    const other = temporaryFolder();
    writeFileSync(join(other, "thesis.tex"), "");
    expect(() => createRun(other, config)).toThrow(
      `run: ${other} must be an empty folder, got one that holds thesis.tex`,
    );
    expect(readdirSync(other)).toEqual(["thesis.tex"]);
  });

  it("is refused where a file stands in the way, by name", () => {
    const file = join(temporaryFolder(), "results");
    writeFileSync(file, "kept");
    for (const path of [file, join(file, "deeper")]) {
      expect(() => createRun(path, config)).toThrow(DomainError);
      expect(() => createRun(path, config)).toThrow(`cannot use ${path}: a file stands where a folder is needed`);
    }
    expect(readFileSync(file, "utf8")).toBe("kept");
  });

  it("cannot be opened if it is no run, damaged, or from another time", () => {
    const path = temporaryFolder();
    const file = join(path, "config.json");
    expect(() => openRun(path, parse)).toThrow(`${path} is not the folder of a run`);
    expect(() => openRun(join(path, "missing"), parse)).toThrow("is not the folder of a run");
    writeFileSync(file, '{ "format": "pushforward run", ');
    expect(() => openRun(path, parse)).toThrow(`${file} is not valid JSON`);
    writeFileSync(file, '{ "name": "other" }');
    expect(() => openRun(path, parse)).toThrow('must say "format": "pushforward run", got undefined');
    writeFileSync(file, '{ "format": "pushforward run", "version": 99, "config": {} }');
    expect(() => openRun(path, parse)).toThrow("must be of version 1, got 99");
  });

  it("reports what the check of the configuration says with the name of its file", () => {
    const path = temporaryFolder();
    createRun(path, config);
    const refuse = (): never => {
      throw new Error("steps: must be positive, got -1");
    };
    expect(() => openRun(path, refuse)).toThrow(`${join(path, "config.json")}: steps: must be positive, got -1`);
  });

  it("may hold further runs in folders of its own", () => {
    const path = temporaryFolder();
    createRun(path, config);
    createRun(join(path, "lsd"), config);
    mkdirSync(join(path, "empty"));
    expect(["lsd", "empty", "none"].map((name) => isRun(join(path, name)))).toEqual([true, false, false]);
  });
});
