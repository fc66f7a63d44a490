import { losses, pairLaws, type Recipe, recipes, teacherRecipe } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { builtinProblems, chosenRecipe, formatRecipe, parseRecipe, recipeJsonSchema, train } from "../../src/index.ts";

const text = (recipe: Parameters<typeof formatRecipe>[0]): string => JSON.stringify(formatRecipe(recipe));
const meanFlow = (): Record<string, unknown> => JSON.parse(text(recipes.meanFlow));
const refusal = (value: unknown): string => {
  try {
    parseRecipe(value, losses);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("parseRecipe", () => {
  it("reads back every recipe of the registry, as published and as the short preset changes it", () => {
    for (const recipe of [...Object.values(recipes), teacherRecipe]) {
      for (const preset of ["paper", "short"] as const) {
        const chosen = chosenRecipe(recipe, { preset, steps: 100 });
        const read = parseRecipe(JSON.parse(text(chosen)), losses);
        expect(read, recipe.name).toEqual({ ...chosen, short: {} });
      }
    }
  });

  const families = ["flowMatching", "lsd", "meanFlow", "dmd2", "progressiveFlowMapMatching"] as const;

  it.each(families)(
    "trains %s as the registry does, to the last bit, and differently with another weight",
    async (loss) => {
      const small = { preset: "paper", steps: 6, teacherSteps: 3, batch: 16, width: 8, depth: 2 } as const;
      const lossesOf = async (recipe: Recipe) => (await train(recipe, builtinProblems.gaussian(), small)).losses;
      const read = parseRecipe(JSON.parse(text(recipes[loss])), losses);
      const heavy = { ...read, terms: read.terms.map((term) => ({ ...term, weight: 2 * term.weight })) };
      const expected = await lossesOf(recipes[loss]);
      expect(await lossesOf(read)).toEqual(expected);
      expect(await lossesOf(heavy)).not.toEqual(expected);
    },
  );

  it("fills in the defaults of a short file", () => {
    expect(parseRecipe({ $schema: "x.json", terms: [{ loss: "denoising" }] }, losses)).toEqual(recipes.denoising);
  });

  it("names the place of a mistake, what is allowed and what came", () => {
    const [one] = meanFlow().terms as Record<string, unknown>[];
    const withTerm = (change: object) => ({ ...meanFlow(), terms: [{ ...one, ...change }] });
    const cases: [unknown, string | RegExp][] = [
      [
        withTerm({ timeLaw: { kind: "diagonlMix" } }),
        `recipe: terms[0].timeLaw.kind must be one of ${Object.keys(pairLaws).length} names, got "diagonlMix"; did you mean diagonalMix?`,
      ],
      [
        withTerm({ timeLaw: { kind: "diagonalMix", fraction: 0.5, law: { kind: "dyadik", base: 2 } } }),
        /terms\[0\]\.timeLaw\.law\.kind must be one of .*did you mean dyadic\?/,
      ],
      [withTerm({ timeLaw: { kind: "dyadic", base: 3 } }), /terms\[0\]\.timeLaw: .*log₂\(base\)/],
      [
        withTerm({ timeLaw: { kind: "square" } }),
        'recipe: terms[0].timeLaw must draw s ≤ t for meanFlow, got the kind "square"',
      ],
      [withTerm({ wieght: 2 }), 'recipe: terms[0] has unknown keys: "wieght"; did you mean weight?'],
      [withTerm({ weight: "2" }), /terms\[0\]\.weight must be a number.*, got "2"/],
      [withTerm({ loss: "meanFlo" }), /terms\[0\]\.loss must be one of .*got "meanFlo"; did you mean meanFlow\?/],
      [withTerm({ loss: "psd" }), "recipe: terms[0].timeLaw must have middle, because psd needs r, got nothing"],
      [
        withTerm({ loss: "consistencyDistillation", timeLaw: losses.consistencyDistillation.timeLaw }),
        "recipe: solver must be given, because terms[0].loss consistencyDistillation needs solve, got null",
      ],
      [
        withTerm({ withoutStops: ["targt"] }),
        'recipe: terms[0].withoutStops must be one of target, got "targt"; did you mean target?',
      ],
      [
        { terms: [{ loss: "lsdNone", withoutStops: ["velocity"] }] },
        "recipe: terms[0].withoutStops must be left out, since lsdNone has no stop-gradients",
      ],
      [{}, "recipe: terms must be a list, got nothing"],
      [{ ...meanFlow(), schedule: "cosine" }, 'recipe: schedule must be an object, got "cosine"'],
      [
        withTerm({ loss: "myLoss" }),
        /terms\[0\]\.loss must be one of .*a loss of your own has the path of its module, such as \.\/myLoss\.ts\)/,
      ],
      [withTerm({ withoutStops: "target" }), /terms\[0\]\.withoutStops must be a list of labels .*, got "target"/],
      [
        { ...meanFlow(), schedule: { kind: "cosin" } },
        'recipe: schedule.kind must be one of cosine, constant, got "cosin"; did you mean cosine?',
      ],
      [
        { ...meanFlow(), schedule: { kind: "constant", final: 1 } },
        /schedule has unknown keys: "final"; there are kind, warmup/,
      ],
      [{ ...meanFlow(), betas: [0.9] }, /betas must be two numbers from 0 to below 1, got \[0\.9\]/],
      [{ ...meanFlow(), betas: [0.9, 1] }, "recipe: betas[1] must be a number from 0 to below 1, got 1"],
      [withTerm({ fraction: 0.5 }), "recipe: the fractions of all terms must add up to 1, got 0.5"],
      [
        withTerm({ weighting: { kind: "pseudoHuber" } }),
        "recipe: terms[0].weighting.c must be a number above 0, got nothing",
      ],
      [
        { ...meanFlow(), init: "techer" },
        'recipe: init must be one of zero, teacher, got "techer"; did you mean teacher?',
      ],
      [{ ...meanFlow(), critic: {} }, /critic\.updates must be a whole number from 1 to 1000, got nothing/],
      [{ ...meanFlow(), terms: [] }, "recipe: terms must hold at least one term, got []"],
      [[], /the recipe must be an object with the keys .*, got/],
      [null, /the recipe must be an object with the keys .*, got null/],
    ];
    for (const [value, message] of cases) {
      if (typeof message === "string") expect(refusal(value)).toBe(message);
      else expect(refusal(value)).toMatch(message);
    }
  });
});

describe("recipeJsonSchema", () => {
  it("lists every key of a recipe's file, with its allowed values", () => {
    const { properties } = recipeJsonSchema() as { properties: Record<string, unknown> };
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(formatRecipe(recipes.dmd2))));
    expect(properties.init).toMatchObject({ enum: ["zero", "teacher"] });
  });
});
