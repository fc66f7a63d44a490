import { key } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkLaw } from "../src/checkLaw.ts";
import { defineLaw, type LawDefinition } from "../src/law.ts";

const fill = (value: number) => (_: unknown, n: number) => new Float64Array(n).fill(value);

const law = (changes: Partial<LawDefinition>) =>
  defineLaw({
    name: "example",
    title: "An example",
    statement: "Numbers are small.",
    formula: "x = 0",
    broken: "numbers are one",
    bound: 1e-9,
    residuals: fill(0),
    control: fill(1),
    ...changes,
  });

const check = (changes: Partial<LawDefinition>, cases = 200) => checkLaw(law(changes), cases, key(0));

describe("checkLaw", () => {
  it("passes a law that holds and whose control does not", () => {
    expect(check({ residuals: fill(1e-9) })).toMatchObject({
      cases: 200,
      worst: 1e-9,
      passed: true,
      control: { violated: 200, of: 200 },
    });
  });

  it("fails a law with one residual above the bound", () => {
    const residuals = (_: unknown, n: number) => Float64Array.from({ length: n }, (__, i) => (i === 3 ? 2e-9 : 0));
    expect(check({ residuals })).toMatchObject({ passed: false, worst: 2e-9 });
  });

  it("fails a vacuous law: its control must be violated in 99 of 100 instances", () => {
    const control = (quiet: number) => (_: unknown, n: number) =>
      Float64Array.from({ length: n }, (__, i) => Number(i >= quiet));
    expect(check({ batch: 200, control: control(2) })).toMatchObject({ passed: true, control: { violated: 198 } });
    expect(check({ batch: 200, control: control(3) })).toMatchObject({ passed: false, control: { violated: 197 } });
  });

  it("fails on NaN, which is reported as the largest number; a control may be NaN", () => {
    expect(check({ residuals: fill(Number.NaN) })).toMatchObject({ passed: false, worst: Number.MAX_VALUE });
    expect(check({ control: fill(Number.NaN) }).passed).toBe(true);
  });

  it("counts an error as a failure and keeps its message", () => {
    const residuals = () => {
      throw new Error("no such flow");
    };
    expect(check({ residuals })).toMatchObject({ passed: false, cases: 0, error: "no such flow" });
  });

  it("computes batches, each with its own key", () => {
    const seen: string[] = [];
    check({
      batch: 80,
      residuals: (k, n) => {
        seen.push(`${k.dataSync()} ${n}`);
        return new Float64Array(n);
      },
    });
    expect(seen.map((each) => each.split(" ")[1])).toEqual(["80", "80", "40"]);
    expect(new Set(seen.map((each) => each.split(" ")[0])).size).toBe(3);
  });

  it("refuses another number of residuals than instances", () => {
    expect(check({ residuals: () => new Float64Array(7) }, 20).error).toMatch("must return 20 residuals, got 7");
  });
});

describe("defineLaw", () => {
  it("has ten times the bound as the default bound of the control", () => {
    expect(law({})).toMatchObject({ controlBound: 1e-8, weight: 1, batch: 64 });
  });

  it("refuses a control bound below the bound, and names that are not camelCase", () => {
    expect(() => law({ controlBound: 1e-12 })).toThrow("example needs 0 ≤ bound ≤ controlBound, got 1e-9 and 1e-12");
    expect(() => law({ name: "An example" })).toThrow('a name is camelCase, got "An example"');
    expect(() => law({ weight: 0 })).toThrow("needs weight > 0");
  });
});
