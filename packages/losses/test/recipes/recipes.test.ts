import { key } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, losses, type Recipe, recipes, rowsOfTerms, sampleTimes, type Term } from "../../src/index.ts";

const all = Object.entries(recipes) as [string, Recipe][];
const entryOf = (name: keyof typeof losses): AnyLoss => losses[name];

describe.each(all)("the recipe of %s", (name, recipe) => {
  it("ends with the loss it is named for, and its shares make up the batch", () => {
    expect(recipe.name).toBe(name);
    expect(recipe.terms.at(-1)?.loss).toBe(name);
    expect(recipe.terms.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1, 15);
    expect(recipe.terms.every(({ share, weight }) => share > 0 && weight > 0)).toBe(true);
    expect(recipe.emaDecay).toBeGreaterThan(0);
    expect(recipe.emaDecay).toBeLessThan(1);
  });

  it("draws every time that its losses need", () => {
    for (const { loss, timeLaw } of recipe.terms) {
      const times = sampleTimes(key(0), 4, timeLaw);
      for (const need of ["r", "delta"] as const) {
        expect(times[need] !== undefined || !entryOf(loss).needs.includes(need)).toBe(true);
      }
    }
  });

  it("names a solver where a loss needs one", () => {
    const needsSolver = recipe.terms.some(({ loss }) => entryOf(loss).needs.includes("solve"));
    expect(recipe.solver !== null || !needsSolver).toBe(true);
  });

  it("gives the velocity of single samples only where that is right in the mean", () => {
    for (const { loss, velocity } of recipe.terms) {
      if (entryOf(loss).conditionalVelocity === "biased") expect(velocity).toBe("teacher");
    }
  });

  it("anchors the diagonal where no teacher and no data do", () => {
    const { family, needs, conditionalVelocity } = entryOf(recipe.name as keyof typeof losses);
    const isAnchored = needs.some((need) => need === "teacher" || need === "solve") || conditionalVelocity !== "unused";
    const isAlone = recipe.terms.length === 1;
    if (!isAnchored && name !== "consistencyTraining") {
      expect([family, isAlone]).toEqual([family, false]);
      expect(recipe.terms[0].loss).toBe("flowMatching");
    }
  });

  it("is plain data", () => {
    expect(JSON.parse(JSON.stringify(recipe))).toEqual(recipe);
  });
});

describe("recipes", () => {
  it("exist for every loss", () => {
    expect(Object.keys(recipes).sort()).toEqual(Object.keys(losses).sort());
  });
});

describe("rowsOfTerms", () => {
  const terms = (...shares: number[]): Term[] => shares.map((share) => ({ ...recipes.flowMatching.terms[0], share }));

  it("covers the batch with whole consecutive rows", () => {
    expect(rowsOfTerms(terms(7 / 8, 1 / 8), 64)).toEqual([
      [0, 56],
      [56, 64],
    ]);
    expect(rowsOfTerms(terms(1 / 3, 1 / 3, 1 / 3), 10)).toEqual([
      [0, 3],
      [3, 7],
      [7, 10],
    ]);
    expect(rowsOfTerms(terms(1), 5)).toEqual([[0, 5]]);
  });
});
