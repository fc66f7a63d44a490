import { quote } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { losses } from "../src/losses.ts";
import { labelsOf, printFormula, struckFormula } from "../src/markedFormula.ts";

const { raw } = String;

describe("marked formulas", () => {
  it.each(Object.values(losses).map((loss) => [loss.name, loss] as const))(
    "%s: the formula shows exactly the stop-gradients that the loss declares",
    (_name, { markedFormula, formula, stops }) => {
      expect([...labelsOf(markedFormula)].sort()).toEqual([...stops].sort());
      expect(formula.includes(raw`\operatorname{sg}`)).toBe(stops.length > 0);
      expect(printFormula(markedFormula, stops)).not.toMatch(/sg/);
    },
  );

  it.each([
    ["a sum after a minus", raw`U - \sg{target}{v + w}`, ["target"], raw`U - \left(v + w\right)`],
    ["a single term", raw`U - \sg{target}{v_t(x + y)}`, ["target"], raw`U - v_t(x + y)`],
    ["a definition", raw`\hat x = \sg{point}{x + y}`, ["point"], raw`\hat x = x + y`],
    ["a denominator", raw`\frac{a}{\sg{weight}{b + c}}`, ["weight"], raw`\frac{a}{b + c}`],
    ["another label", raw`U - \sg{target}{v}`, ["velocity"], raw`U - \operatorname{sg}\left[v\right]`],
    ["the inner of two stops", raw`\sg{outer}{a \sg{inner}{b}}`, ["inner"], raw`\operatorname{sg}\left[a b\right]`],
    ["the outer of two stops", raw`\sg{outer}{a \sg{inner}{b}}`, ["outer"], raw`a \operatorname{sg}\left[b\right]`],
    ["both stops", raw`\sg{outer}{a \sg{inner}{b}}`, ["outer", "inner"], "a b"],
  ])("%s", (_title, marked, without, printed) => {
    expect(printFormula(marked, without)).toBe(printed);
  });

  it("meanFlow without its target has no stop-gradient in its formula", () => {
    expect(printFormula(losses.meanFlow.markedFormula, ["target"])).toBe(
      raw`\left\lVert U(X_s, s, t) - \left(v + (t - s) \tfrac{d}{ds} U(X_s, s, t)\right) \right\rVert^2`,
    );
  });

  it("a struck formula keeps the brackets of a switched-off stop-gradient and strikes its sign", () => {
    expect(struckFormula(raw`U - \sg{target}{v + w}`, ["target"])).toBe(
      raw`U - \cancel{\operatorname{sg}}\left[v + w\right]`,
    );
    expect(struckFormula(raw`\sg{outer}{a \sg{inner}{b}}`, ["outer"])).toBe(
      raw`\cancel{\operatorname{sg}}\left[a \operatorname{sg}\left[b\right]\right]`,
    );
    for (const { markedFormula, formula } of Object.values(losses)) expect(struckFormula(markedFormula)).toBe(formula);
  });

  it("a label without a body, or an open brace, is an error that quotes the formula", () => {
    expect(() => printFormula(raw`U - \sg{target} v`)).toThrow(raw`\sg must be followed by {label}{body}`);
    expect(() => printFormula(raw`U - \sg{target}{v`)).toThrow(quote(raw`U - \sg{target}{v`));
  });
});
