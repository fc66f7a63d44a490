import { laws } from "@pushforward/verify";
import { describe, expect, it } from "vitest";
import { renderFormula } from "../../src/report/formula.ts";

describe("formulas of laws", () => {
  it.each(laws)("$name sets as MathML", ({ formula }) => {
    expect(renderFormula(formula).text).toContain("<math");
  });
});
