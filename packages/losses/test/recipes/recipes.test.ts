import { key } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  type AnyLoss,
  defineLoss,
  diagonalTerm,
  type LossName,
  losses,
  recipe as makeRecipe,
  type Recipe,
  recipeJson,
  recipes,
  rowsOfTerms,
  sampleTimes,
  type Term,
  term,
} from "../../src/index.ts";
import { inputFor } from "../support/conformance.ts";
import { goldenParams, tanhModel } from "../support/goldenProblem.ts";

const all = Object.entries(recipes) as [string, Recipe][];
const entryOf = (name: LossName): AnyLoss => losses[name];

/** Whether a loss looks at noise and data themselves, beyond X_s and v. */
function readsPairs(loss: AnyLoss): boolean {
  const input = inputFor(loss, tanhModel(goldenParams));
  const other = { noise: input.noise.add(1), data: input.data.mul(2) };
  const values = [input, { ...input, ...other }].map((each) => [...loss.loss(each).dataSync()]);
  return values[0].some((value, i) => value !== values[1][i]);
}

describe.each(all)("the recipe of %s", (name, recipe) => {
  it("ends with the loss of its name, and its fractions add up to the batch", () => {
    expect(recipe.name).toBe(name);
    expect(recipe.terms.at(-1)?.loss).toBe(entryOf(name as LossName));
    expect(recipe.terms.reduce((total, { fraction }) => total + fraction, 0)).toBeCloseTo(1, 15);
    expect(recipe.terms.every(({ fraction, weight }) => fraction > 0 && weight > 0)).toBe(true);
    expect(recipe.emaDecay).toBeGreaterThan(0);
    expect(recipe.emaDecay).toBeLessThan(1);
  });

  it("draws every time that its losses need", () => {
    for (const { loss, timeLaw } of recipe.terms) {
      const times = sampleTimes(key(0), 4, timeLaw);
      for (const need of ["r", "delta"] as const) {
        expect(times[need] !== undefined || !loss.needs.includes(need)).toBe(true);
      }
    }
  });

  it("warms up, and teaches with a map, only where a loss asks for it", () => {
    const needs = recipe.terms.flatMap(({ loss }) => loss.needs);
    expect(recipe.warmup !== null).toBe(needs.includes("warmup"));
    expect(recipe.stages > 1).toBe(needs.includes("teacherMap"));
  });

  it("names a solver where a loss needs one", () => {
    const needsSolver = recipe.terms.some(({ loss }) => loss.needs.includes("solve"));
    expect(recipe.solver !== null || !needsSolver).toBe(true);
  });

  it("gives the velocity of single samples only where that is right in the mean", () => {
    for (const { loss, velocity } of recipe.terms) {
      if (loss.conditionalVelocity === "biased") expect(velocity).toBe("teacher");
    }
  });

  it("anchors the diagonal where no teacher, no critic and no data do", () => {
    const { family, needs, conditionalVelocity } = entryOf(recipe.name as LossName);
    const isTaught = needs.some((need) => ["teacher", "teacherMap", "solve", "critic"].includes(need));
    const isAnchored = isTaught || conditionalVelocity !== "unused" || readsPairs(entryOf(name as LossName));
    const isAlone = recipe.terms.length === 1;
    // A generator has no diagonal.
    if (!isAnchored && entryOf(name as LossName).learns !== "generator") {
      expect([family, isAlone]).toEqual([family, false]);
      expect(recipe.terms[0].loss).toBe(losses.flowMatching);
    }
  });

  it("is plain data once its losses are names", () => {
    const { terms, ...settings } = JSON.parse(JSON.stringify(recipeJson(recipe)));
    const read = terms.map((each: { loss: LossName }) => ({ ...each, loss: entryOf(each.loss) }));
    expect({ ...settings, terms: read }).toEqual(recipe);
  });
});

describe("recipes", () => {
  it("exist for every loss", () => {
    expect(Object.keys(recipes).sort()).toEqual(Object.keys(losses).sort());
  });
});

describe("a recipe of one's own", () => {
  const { loss: body, formula: _printed, markedFormula: formula, ...metadata } = losses.meanFlow;
  const own = defineLoss({ ...metadata, formula, name: "ownLoss", label: "own", loss: body as never });

  it("holds a loss that no registry lists, and takes name, paper, times and weighting from it", () => {
    const made = makeRecipe({ terms: [diagonalTerm(0.25), term({ loss: own, fraction: 0.75 })], solver: "heun" });
    expect(made).toMatchObject({ name: "ownLoss", paper: losses.meanFlow.paper, solver: "heun", init: "zero" });
    expect(made.terms[1]).toMatchObject({ loss: own, timeLaw: own.timeLaw, weighting: own.weighting, weight: 1 });
    expect(recipeJson(made).terms.map(({ loss }) => loss)).toEqual(["flowMatching", "ownLoss"]);
    expect(makeRecipe({ name: "mine", terms: [term({ loss: own })], paper: null })).toMatchObject({
      name: "mine",
      paper: null,
    });
  });

  it("is refused without terms, and with fractions that are not the whole batch", () => {
    expect(() => makeRecipe({ terms: [] })).toThrow("recipe: terms must hold at least one term, got none");
    expect(() => makeRecipe({ terms: [term({ loss: own, fraction: 0.5 })] })).toThrow(
      "recipe: the fractions of all terms must add up to 1, got 0.5",
    );
    expect(() => makeRecipe({ terms: [{ fraction: 1 } as Term] })).toThrow(
      "recipe: the loss of term 0 must be an object, got undefined",
    );
    expect(() => term({ loss: "meanFlow" as never })).toThrow(
      'term: the loss must be an object, got the text "meanFlow"',
    );
    const thirds = [1, 2, 3].map(() => term({ loss: own, fraction: 1 / 3 }));
    expect(makeRecipe({ terms: thirds }).terms).toHaveLength(3);
  });
});

describe("rowsOfTerms", () => {
  const terms = (...fractions: number[]): Term[] =>
    fractions.map((fraction) => ({ ...recipes.flowMatching.terms[0], fraction }));

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

  it("gives rows to every term with a fraction above 0, also in a small batch", () => {
    for (const fractions of [
      [0.75, 0.25],
      [0.25, 0.75],
      [0.5, 0.5],
      [7 / 8, 1 / 8],
      [1 / 3, 1 / 3, 1 / 3],
      [0.05, 0.9, 0.05],
    ]) {
      for (let batch = 1; batch <= 16; batch++) {
        const rows = rowsOfTerms(terms(...fractions), batch);
        expect(rows.every(([start, stop]) => 0 <= start && start < stop && stop <= batch)).toBe(true);
        expect([rows[0][0], rows[rows.length - 1][1]]).toEqual([0, batch]);
      }
    }
    expect(rowsOfTerms(terms(1, 0), 1)).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });
});
