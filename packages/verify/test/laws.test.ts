import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { controlFraction, laws, verify } from "../src/index.ts";

/** Instances per law here; the command checks 10,000 over all laws. */
const cases = 40;

describe("the identity catalogue", () => {
  it.each(laws)("holds on a fixed seed, and its control does not: $name", ({ name }) => {
    const [report] = verify({ cases, seed: 11, only: [name] }).laws;
    expect(report).toMatchObject({ name, cases, passed: true });
    expect(report.error).toBeUndefined();
    expect(report.worst).toBeLessThanOrEqual(report.bound);
    expect(report.control.of).toBe(cases);
    expect(report.control.violated).toBeGreaterThanOrEqual(controlFraction * cases);
  });

  it.each(laws)(
    "has a formula, and a sentence about the fault of its control: $name",
    ({ formula, statement, broken }) => {
      expect(formula, "Markdown eats escaped punctuation, tables eat bars").not.toMatch(/\\[,!;:{}|]|\|/);
      expect(statement).toMatch(/^\S.*\.$/);
      expect(broken).toMatch(/^[a-z].*[^.]$/);
    },
  );

  it("names every law once", () => {
    expect(new Set(laws.map(({ name }) => name)).size).toBe(laws.length);
  });

  it("lists every file of the folder", () => {
    const files = readdirSync(join(import.meta.dirname, "../src/laws")).map((file) => file.replace(".ts", ""));
    const listed = new Set(laws.map(({ name }) => name));
    expect(files.filter((file) => file !== "index" && !listed.has(file))).toEqual([]);
  });
});
