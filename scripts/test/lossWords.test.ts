import { describe, expect, it } from "vitest";
import { losses, recipes } from "../../packages/losses/src/index.ts";
import { recipeWords, shortWords } from "../lossRecipe.ts";
import { timeWords, valueWords, weightingWords } from "../lossWords.ts";

describe("words of the registry", () => {
  it.each([
    [{ kind: "uniformTriangle" }, "s ≤ t, two uniform times in order"],
    [
      { kind: "intervalLogitNormal", mean: -0.8, std: 1 },
      "t − s logit-normal, mean −0.8 and deviation 1, s uniform where that fits",
    ],
    [
      { kind: "diagonalMix", fraction: 0.75, law: { kind: "square" } },
      "s = t on 75 % of them, elsewhere s and t uniform, in either order",
    ],
    [{ kind: "dyadic", base: 128 }, "t − s a power of ½ down to 1/64, s a multiple of it"],
    [
      { kind: "starts", starts: [0, 0.5], end: { kind: "uniform", max: 0.9 } },
      "s one of 0, 0.5, t uniform in [0, 0.9]",
    ],
    [
      { kind: "square", middle: { kind: "nearEnd", fraction: 0.1 }, delta: 0.05, margin: 0.01 },
      "s and t uniform, in either order; r = t − 0.1(t − s); δ = 0.05; both kept 0.01 away from 0 and 1",
    ],
  ] as const)("times %j", (law, words) => {
    expect(timeWords(law)).toBe(words);
  });

  it("weights have their numbers, the defaults included", () => {
    expect(weightingWords({ kind: "adaptive" })).toBe("adaptive, p = 1 and c = 0.01");
    expect(weightingWords({ kind: "pseudoHuber", c: 0.1 })).toBe("pseudo-Huber, c = 0.1");
  });

  it("a normalised tangent and a derivative of a derivative are pointed out, and only those", () => {
    expect(valueWords(losses.ayfEmd).join(" ")).toContain("says nothing of convergence");
    expect(valueWords(losses.lsd).join(" ")).toContain("reverse over forward");
    expect(valueWords(losses.meanFlow).join(" ")).not.toMatch(/says nothing of convergence|reverse over forward/);
  });
});

describe("recipes in words", () => {
  it("terms come first, with shares that add up, then what differs from a plain training", () => {
    const [diagonal, own, ...settings] = recipeWords("lsd");
    const [first, second] = recipes.lsd.terms.map(({ share }) => `${100 * share} % of the batch: `);
    expect(diagonal.startsWith(`${first}[\`flowMatching\`](flowMatching.md)`)).toBe(true);
    expect(own.startsWith(`${second}\`lsd\``)).toBe(true);
    expect(settings).toHaveLength(1);
  });

  it("networks that learn along say how often, how fast and when", () => {
    const words = recipeWords("dmd2").join("\n");
    const { fakeVelocity, critic } = recipes.dmd2;
    expect(words).toContain(`ψ, the velocity of the student's samples, is updated ${fakeVelocity?.updates} times`);
    expect(words).toContain(`The critic, a logistic regression of data against samples, is updated ${critic?.updates}`);
    expect(recipeWords("lsd").join("\n")).not.toMatch(/ψ|critic/);
  });

  it("the preset short is told by what it changes", () => {
    expect(shortWords("scmDistillation").join("\n")).toMatch(
      /s uniform in \[0, 1\].*not weighted[\s\S]*warm-up fills half/,
    );
    expect(shortWords("localForward")).toEqual([]);
  });
});
