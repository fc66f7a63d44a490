import { losses, struckFormula } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { plainFormula } from "../../src/report/plainFormula.ts";

describe("plainFormula", () => {
  it.each([
    [losses.meanFlow.formula, "‖U(Xₛ, s, t) − sg[v + (t − s) d/ds U(Xₛ, s, t)]‖²"],
    [struckFormula(losses.lsd.markedFormula, ["velocity"]), expect.stringMatching(/s\u0336g\u0336\[/)],
    [String.raw`\tfrac{1}{2 d} x`, "1/(2d) x"],
    [String.raw`\tfrac{(1 - t)^2}{t^2 + (1 - t)^2}`, "(1 − t)²/(t² + (1 − t)²)"],
    [String.raw`\frac{a \cdot b}{\sqrt{c^2 + 1}}`, "(a ⋅ b)/√(c² + 1)"],
    [String.raw`X_{s + \delta} + v_\psi + e^{-C}`, "X_(s + δ) + v_ψ + e^(−C)"],
    [String.raw`\bar\Phi(\hat x_r) = \operatorname{Solver}_{s \to r}(X_s)`, "Φ̄(x̂ᵣ) = Solver_(s → r)(Xₛ)"],
    [String.raw`-\cos^2\tau`, "−cos²τ"],
  ])("%s", (latex, text) => {
    expect(plainFormula(latex)).toEqual(text);
  });

  it.each(Object.values(losses).map(({ name, formula }) => [name, formula]))(
    "%s has no LaTeX left",
    (_name, formula) => {
      expect(plainFormula(formula)).not.toMatch(/[\\{}]|operatorname|lVert/);
    },
  );
});
