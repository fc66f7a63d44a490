import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formulasIn, pages } from "../../scripts/markdown.ts";
import { mathml } from "../build/mathml.ts";

describe("mathml", () => {
  it("writes every formula of the guides, without attributes that the policy forbids", () => {
    const formulas = pages().flatMap((file) => formulasIn(readFileSync(file, "utf8")).formulas);
    for (const { latex, kind } of formulas) {
      const text = mathml(latex, kind === "fence");
      expect(text, latex).toMatch(/^<math.*<\/math>$/s);
      expect(text, latex).not.toMatch(/ style=|merror/);
    }
    expect(formulas.length).toBeGreaterThan(200);
  });

  it("refuses a formula that cannot be parsed", () => {
    expect(() => mathml("\\frac{1}{")).toThrow(/expected/i);
  });
});
