import { firstRecipes, losses, recipes } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { firstRace } from "../src/race/raceState.ts";
import { loaded } from "../src/work/loaded.ts";
import { lossOf, recipeOf } from "../src/work/recipeOf.ts";

describe("the recipes of workers", () => {
  it("are those of the package for every loss, which is the last of its recipe", async () => {
    for (const [name, loss] of Object.entries(losses)) {
      expect(await recipeOf(name), name).toBe(recipes[name as keyof typeof recipes]);
      expect(await lossOf(name), name).toBe(loss);
    }
  });

  it("are in the first script for the first race, and not for most others", () => {
    expect(firstRace.lanes.map(({ loss }) => loss)).toEqual(Object.keys(firstRecipes));
    expect(Object.keys(recipes).length).toBeGreaterThan(10 * Object.keys(firstRecipes).length);
  });
});

describe("a part that is loaded on demand", () => {
  it("is handed on", async () => {
    const module = { value: 1 };
    expect(await loaded("The part", Promise.resolve(module))).toBe(module);
  });

  it("is named in a sentence if it does not load", async () => {
    await expect(loaded("The loss esd", Promise.reject(new TypeError("Failed to fetch")))).rejects.toThrow(
      /^The loss esd did not load: Failed to fetch\. Check the connection, and reload the page to try again\.$/,
    );
  });
});
