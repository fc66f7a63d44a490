import { losses, struckFormula } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { formulaLines, renderFormula } from "../../src/report/formula.ts";

describe("renderFormula", () => {
  it("gives MathML alone, without fonts or style sheets", () => {
    const { text } = renderFormula("\\lVert u \\rVert^2");
    expect(text).toContain("<math");
    expect(text).toContain("<msup>");
    expect(text).not.toContain("katex-html");
  });

  it("strikes the sign of a switched-off stop-gradient by the style sheet, since browsers draw no menclose", () => {
    const { text } = renderFormula(struckFormula(losses.meanFlow.markedFormula, ["target"]));
    expect(text).toMatch(/<mrow class="struck"><mi[^>]*>sg<\/mi>/);
    expect(text).not.toContain("menclose");
    expect(renderFormula(losses.meanFlow.formula).text).not.toContain("struck");
  });

  it("quotes the formula that cannot be read", () => {
    expect(() => renderFormula("\\frac{1}{")).toThrow('formula: cannot read "\\\\frac{1}{"');
  });
});

describe("formulaLines", () => {
  const linesOf = (latex: string): number => formulaLines(latex).text.split("<math").length - 1;

  it("sets definitions on lines of their own, and the terms of a long sum", () => {
    expect(linesOf(losses.meanFlow.formula)).toBe(1);
    expect(linesOf(losses.ayfEmd.formula)).toBe(2);
    expect(linesOf(losses.traFlow.formula)).toBe(4);
  });

  // The style sheet divides the width of a card by the length of the longest line.
  it.each(Object.values(losses).map(({ name, formula }) => [name, formula]))(
    "%s says how long it is",
    (_name, formula) => {
      const [, characters] = /--characters: (\d+)"/.exec(formulaLines(formula).text) ?? [];
      expect(Number(characters)).toBeGreaterThan(10);
      expect(Number(characters)).toBeLessThan(100);
    },
  );
});
