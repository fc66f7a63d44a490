import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { pages } from "../markdown.ts";
import { root } from "../workspace.ts";

/**
 * Words without a proper use in this repository. The first list makes persons of code or hides the noun of a sentence; the second
 * has a term of the field for each entry: auxiliary network, unknown setting, context, timeout. Words that are wrong in some
 * sentences only ("wants", "plays", "those") are left to the reader.
 */
const forbidden: readonly RegExp[] = [
  /\b(nobody|somebody|anybody|everybody|whoever|whomever)\b/i,
  /\b(is|are) a matter of\b/i,
  /\b(is|are) to be done\b/i,
  /\bwhat came of\b/i,
  /\blearn(s|t|ed|ing)? along\b/i,
  /\b(stranger|surroundings|patience)\b/i,
];

/** Lines of a text that contain a forbidden word. */
const faultsOf = (text: string): string[] =>
  text.split("\n").filter((line) => forbidden.some((pattern) => pattern.test(line)));

/** This file quotes the forbidden words. */
const ownName = "scripts/test/prose.test.ts";

const folders = ["packages", "benchmarks", "page", "scripts", "tests", "playground"];

/** Every source below a folder; installed packages, compiled output and kept results are not sources. */
function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (/^(node_modules|dist|results|\..*)$/.test(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesOf(path);
    return entry.isFile() && /\.(ts|mjs|py|html)$/.test(entry.name) ? [path] : [];
  });
}

const files = [...folders.flatMap((folder) => sourcesOf(join(root, folder))), ...pages()]
  .map((file) => relative(root, file))
  .filter((name) => name !== ownName);

describe("the prose of sources and pages", () => {
  it("has none of the forbidden words", () => {
    const faults = files.flatMap((name) =>
      faultsOf(readFileSync(join(root, name), "utf8")).map((line) => `${name}: ${line.trim()}`),
    );
    expect(faults).toEqual([]);
  });

  it("is read from many files", () => {
    expect(files.length).toBeGreaterThan(800);
  });
});

describe("the check of prose (control)", () => {
  it.each([
    "/** What nobody reads is dropped. */",
    "Whoever reads an element waits.",
    "The number of chunks is a matter of the work.",
    "networks that learn along",
    "interface Surroundings {",
    "const patience = 20;",
  ])("finds the word in %s", (line) => {
    expect(faultsOf(`first\n${line}\nlast`)).toEqual([line]);
  });

  it("accepts a plain sentence", () => {
    expect(faultsOf("Unused values are dropped.")).toEqual([]);
  });
});
