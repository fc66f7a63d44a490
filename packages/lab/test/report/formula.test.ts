import { describe, expect, it } from "vitest";
import { renderFormula } from "../../src/report/formula.ts";

describe("renderFormula", () => {
  it("gives MathML alone, without fonts or style sheets", () => {
    const { text } = renderFormula("\\lVert u \\rVert^2");
    expect(text).toContain("<math");
    expect(text).toContain("<msup>");
    expect(text).not.toContain("katex-html");
  });

  it("quotes the formula that cannot be read", () => {
    expect(() => renderFormula("\\frac{1}{")).toThrow('formula: cannot read "\\\\frac{1}{"');
  });
});
