import { type AnyLoss, losses, type Recipe, recipe, recipes, teacherRecipe, term } from "@pushforward/losses";
import { DomainError } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { groupedLoss } from "../../../losses/test/support/groupedLoss.ts";
import { defaultOf, namesAllowed } from "../../src/settings/describeSetting.ts";
import { presets } from "../../src/settings/presets.ts";
import { chosenRecipe, type RecipeChoices } from "../../src/settings/recipeChoices.ts";
import { recipeSettings } from "../../src/settings/recipeSettings.ts";

/** A recipe whose loss compares samples. */
const grouped = recipe({ terms: [term({ loss: groupedLoss })] });
const all: readonly Recipe[] = [...Object.values(recipes), grouped];

const names = Object.keys(recipeSettings) as (keyof RecipeChoices)[];

/** The chosen recipe as a text; "refused" where a setting refuses the recipe. */
function chosenOrRefused(recipe: Recipe, choices: RecipeChoices): string {
  try {
    return JSON.stringify(chosenRecipe(recipe, choices));
  } catch (error) {
    if (error instanceof DomainError) return "refused";
    throw error;
  }
}

/** Names of the recipes that some value of a setting changes. */
function changedBy(name: keyof RecipeChoices): string[] {
  const candidates = namesAllowed(recipeSettings[name]) ?? [0.31, 31];
  const values = candidates.filter((value) => recipeSettings[name].schema.safeParse(value).success);
  return all
    .filter((each) => {
      const own = JSON.stringify(chosenRecipe(each));
      return values.some((value) => ![own, "refused"].includes(chosenOrRefused(each, { [name]: value })));
    })
    .map((each) => each.name);
}

describe("settings of recipes", () => {
  it.each(names)("%s changes some recipe, and none where it is absent", (name) => {
    expect(changedBy(name), `overrides of ${name} must change some recipe`).not.toEqual([]);
    expect(defaultOf(recipeSettings[name])).toBeUndefined();
  });

  it("change only recipes that have what they are about", () => {
    expect(changedBy("criticUpdates").length).toBeLessThan(changedBy("studentRate").length);
    expect(changedBy("warmupSteps")).not.toContain("meanFlow");
    expect(changedBy("targetEma")).toHaveLength(all.length);
  });

  it("refuse the own tangent where no loss takes a derivative along v", () => {
    expect(changedBy("tangent")).toEqual(
      Object.entries(losses).flatMap(([name, { along }]: [string, AnyLoss]) => (along ? [name] : [])),
    );
    expect(() => chosenRecipe(recipes.lsd, { tangent: "own" })).toThrow(
      /^recipe: tangent own must be left out for lsd, since its losses take no derivative along v; meanFlow and the other losses with along in their definition do$/,
    );
    expect(chosenRecipe(recipes.lsd, { tangent: "velocity" })).toEqual(chosenRecipe(recipes.lsd));
    expect(chosenRecipe(teacherRecipe, { tangent: "own" })).toEqual(teacherRecipe);
  });

  it("are chosen by presets with values that they allow", () => {
    for (const preset of Object.values(presets)) {
      for (const recipe of Object.values(recipes)) {
        for (const [name, value] of Object.entries(preset({ recipe, steps: 7 }))) {
          expect(recipeSettings[name as keyof RecipeChoices].schema.safeParse(value).success, name).toBe(true);
        }
      }
    }
  });
});
