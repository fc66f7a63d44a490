import { DomainError } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, defaultRecipe, firstRecipes, losses, recipes } from "../../src/index.ts";

const named = (loss: AnyLoss, change: object): AnyLoss => ({ ...loss, ...change, name: "own" });

describe("the recipe of a loss that has none of its own", () => {
  it("is also that of lsd, which is written out among the first", () => {
    expect(firstRecipes.lsd).toEqual(defaultRecipe(losses.lsd));
    expect(recipes).toMatchObject(firstRecipes);
  });

  it("distils a teacher, its map or its solver", () => {
    for (const need of ["teacher", "teacherMap", "solve"] as const) {
      const own = defaultRecipe(named(losses.localForward, { needs: [need] }));
      expect([own.terms.length, own.terms[0].velocity, own.solver]).toEqual([1, "teacher", "heun"]);
    }
  });

  it("alternates with the velocity of the samples, from the denoiser's start time", () => {
    const own = defaultRecipe(named(losses.sid, {}));
    expect(own.fakeVelocity).toEqual(recipes.sid.fakeVelocity);
    expect([own.init, own.terms[0].start]).toEqual(["teacher", "noise"]);
  });

  it("anchors a flow map on the diagonal, and leaves a velocity alone", () => {
    expect(defaultRecipe(named(losses.lsd, {})).terms.map(({ loss }) => loss.name)).toEqual(["flowMatching", "own"]);
    expect(defaultRecipe(named(losses.denoising, {})).terms.map(({ loss }) => loss.name)).toEqual(["own"]);
  });

  it("does not guess where a critic, a ratio, pairs, an average or a warm-up must be configured", () => {
    for (const need of ["critic", "ratio", "pairs", "ema", "warmup"] as const) {
      const own = named(losses.lsd, { needs: [need] });
      expect(() => defaultRecipe(own)).toThrow(DomainError);
      expect(() => defaultRecipe(own)).toThrow(
        `defaultRecipe: own must have a recipe of its own, because it needs ${need}; write recipe({ terms: [term({ loss })], … })`,
      );
    }
  });
});
