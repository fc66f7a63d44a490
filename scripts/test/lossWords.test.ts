import { describe, expect, it } from "vitest";
import { losses, recipes } from "../../packages/losses/src/index.ts";
import { recipeWords, shortWords } from "../lossRecipe.ts";
import { valueWords } from "../lossWords.ts";

describe("words of the registry", () => {
  it("a normalised tangent and a derivative of a derivative are pointed out, and nothing else", () => {
    expect(valueWords(losses.ayfEmd).join(" ")).toContain("does not indicate convergence");
    expect(valueWords(losses.lsd).join(" ")).toContain("reverse over forward");
    expect(valueWords(losses.meanFlow).join(" ")).not.toMatch(/does not indicate convergence|reverse over forward/);
  });
});

describe("recipes in words", () => {
  it("terms come first, with fractions that add up, then what differs from a plain training", () => {
    const [diagonal, own, ...settings] = recipeWords("lsd");
    const [first, second] = recipes.lsd.terms.map(({ fraction }) => `${100 * fraction} % of the batch: `);
    expect(diagonal.startsWith(`${first}[\`flowMatching\`](flowMatching.md)`)).toBe(true);
    expect(own.startsWith(`${second}\`lsd\``)).toBe(true);
    expect(settings).toEqual([]);
    expect(recipeWords("shortcut").at(-1)).toBe("The target has parameters that are averaged with decay 0.999.");
  });

  it("optimiser, averages, ratio and guidance are named where they are not those of a plain training", () => {
    const words = (name: Parameters<typeof recipeWords>[0]): string => recipeWords(name).join("\n");
    expect(words("sid")).toContain("Adam has β₁ = 0 and β₂ = 0.999.");
    expect(words("sid")).toContain("half of its weight after 500,000 samples");
    expect(words("uniInstruct")).toContain("stays as it is for the first 100,000 samples");
    expect(words("fDistill")).toContain("in the same tenth of the times");
    expect(words("consistencyTraining")).toContain("Their decay grows with the number of levels");
    expect(words("meanFlowGuided")).toMatch(/guided with scale 2.*a tenth of the labels is dropped/);
    expect(words("lsd")).not.toMatch(/Adam|samples\.|tenth|guided/);
  });

  it("auxiliary networks have their updates, rate and times", () => {
    const words = recipeWords("dmd2").join("\n");
    const { fakeVelocity, critic } = recipes.dmd2;
    expect(words).toContain(`ψ, the velocity of the student's samples, is updated ${fakeVelocity?.updates} times`);
    expect(words).toContain(`The critic, a logistic regression of data against samples, is updated ${critic?.updates}`);
    expect(recipeWords("lsd").join("\n")).not.toMatch(/ψ|critic/);
  });

  it("the preset short is described by its changes", () => {
    expect(shortWords("scmDistillation").join("\n")).toMatch(
      /s uniform in \[0, 1\].*not weighted[\s\S]*warm-up takes half/,
    );
    expect(shortWords("localForward")).toEqual([]);
  });
});
