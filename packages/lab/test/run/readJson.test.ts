import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { readJson } from "../../src/run/readJson.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

function fileOf(text: string): string {
  const file = join(temporaryFolder(), "config.json");
  writeFileSync(file, text);
  return file;
}

describe("readJson", () => {
  it.each(['{"a":[1,{"b":"]["}]}', `${"[".repeat(32)}${"]".repeat(32)}`, `"${"[".repeat(100)}"`, '"\\"[[["', "null"])(
    "gives the value of %s",
    (text) => expect(readJson(fileOf(text))).toEqual(JSON.parse(text)),
  );

  it.each([
    [`${"[".repeat(33)}${"]".repeat(33)}`, 33],
    [`${"[".repeat(20_000)}${"]".repeat(20_000)}`, 20_000],
    [`${'{"format":'.repeat(20_000)}1${"}".repeat(20_000)}`, 20_000],
    [`{"a":"\\\\",${'"b":{'.repeat(40)}`, 41],
  ])("names the depth of a text that is nested too deeply (%#)", (text, depth) => {
    const file = fileOf(text);
    expect(() => readJson(file)).toThrow(DomainError);
    expect(() => readJson(file)).toThrow(`run: ${file} must be nested at most 32 deep, got ${depth}`);
  });

  it("bounds the size before it reads, and refuses what is no file", () => {
    const large = fileOf(`"${"x".repeat(1_000_000)}"`);
    expect(() => readJson(large)).toThrow(`run: ${large} must have at most 1000000 bytes, got 1000002`);
    const folder = join(temporaryFolder(), "config.json");
    mkdirSync(folder);
    expect(() => readJson(folder)).toThrow(`run: cannot use ${folder}: it is a folder`);
    expect(() => readJson("/dev/zero")).toThrow("must be an ordinary file");
  });
});
