import { createHash } from "node:crypto";
import {
  type LossName,
  losses,
  ownTangent,
  type Recipe,
  type RecipeJson,
  recipe,
  recipes,
  type Term,
  teacherRecipe,
  term,
} from "@pushforward/losses";
import type { Tree } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  builtinProblems,
  chosenRecipe,
  formatRecipe,
  parseRecipe,
  type TrainingSettings,
  train,
} from "../../src/index.ts";
import { labelledProblem } from "../support/labelledProblem.ts";

const problem = builtinProblems.gaussian();
const labelled = labelledProblem();
const settings = { steps: 6, teacherSteps: 1, batch: 8, width: 8, depth: 1 } as const;
const teacher = await train(teacherRecipe, problem, settings);
const labelledTeacher = await train(teacherRecipe, labelled, settings);

/** The losses of a training, and a digest of its parameters. */
async function bitsOf(recipe: Recipe, more: Partial<TrainingSettings> = {}, isLabelled = false): Promise<string> {
  const options = { teacher: (isLabelled ? labelledTeacher : teacher).params };
  const trained = await train<Tree>(
    recipe,
    isLabelled ? labelled : problem,
    { ...settings, preset: "paper", ...more },
    options,
  );
  const digest = createHash("sha256").update(JSON.stringify(trained.params)).digest("hex");
  return `${trained.losses.join(" ")}, parameters ${digest}`;
}

/** The recipe that a file gives back. */
const readAgain = (recipe: Recipe): Recipe => parseRecipe(JSON.parse(JSON.stringify(formatRecipe(recipe))), losses);

describe("the recipe of a file", () => {
  it.each(Object.values(recipes))("trains $name as the registry does, to the last bit", async (recipe) => {
    const preset = "short";
    const group = 4;
    const written = readAgain(chosenRecipe(recipe, { ...settings, preset, group }));
    expect(await bitsOf(written)).toEqual(await bitsOf(recipe, { preset, group }));
  });
});

/** For each field a recipe that reads it, and another value of the field. */
type Changes<Fields> = { readonly [Field in keyof Fields]-?: readonly [loss: LossName, value: Fields[Field]] };

const changes: Changes<Omit<RecipeJson, "name" | "paper" | "terms" | "short" | "departs">> = {
  emaDecay: ["consistencyDistillation", 0.5],
  solver: ["consistencyDistillation", "euler"],
  solverSteps: ["consistencyDistillation", 2],
  network: ["flowMatching", "velocity"],
  form: ["lsd", "ctm"],
  maxFrequency: ["lsd", 9],
  warmup: ["ayfEmd", { steps: 10, max: 0.99 }],
  stages: ["progressiveDistillation", 2],
  balance: ["ctm", "none"],
  rate: ["lsd", 0.5],
  schedule: ["lsd", { kind: "constant" }],
  betas: ["lsd", [0.5, 0.999]],
  init: ["sid", "zero"],
  fakeVelocity: ["dmd", { ...recipes.dmd.fakeVelocity!, updates: 2 }],
  critic: ["dmd2", { ...recipes.dmd2.critic!, updates: 2 }],
  pairs: ["lsd", "rectified"],
  ratio: ["uniInstruct", "released"],
  emaHalfLife: ["lsd", 100],
  emaSchedule: ["consistencyTraining", "constant"],
  frozen: ["lsd", 20],
  sigmaData: ["scmTraining", 1],
  clip: ["shortcut", 0.01],
  guidance: ["meanFlowGuided", { scale: 3, mix: 0.5, from: 0, to: 1 }],
};

const termChanges: Changes<Omit<Term, "loss" | "fraction">> = {
  timeLaw: ["lsd", { kind: "dyadic", base: 8 }],
  weight: ["lsd", 2],
  weighting: ["meanFlow", { kind: "none" }],
  velocity: ["meanFlow", "teacher"],
  tangent: ["meanFlow", "own"],
  start: ["lsd", "noise"],
  withoutStops: ["lsd", ["velocity"]],
  group: ["imm", 2],
  afterWarmup: ["ayfEmd", true],
};

/** A recipe with its main term changed. */
const withMain = (recipe: Recipe, change: Partial<Term>): Recipe => ({
  ...recipe,
  terms: recipe.terms.map((each, i) => (i === recipe.terms.length - 1 ? { ...each, ...change } : each)),
});

describe("a field of a recipe's file", () => {
  it.each(Object.entries(changes))("%s changes the bits of a training", async (field, [loss, value]) => {
    const changed = readAgain({ ...recipes[loss], [field]: value });
    const isLabelled = field === "guidance"; // which has no effect without labels
    expect(await bitsOf(changed, {}, isLabelled)).not.toEqual(await bitsOf(recipes[loss], {}, isLabelled));
  });

  it.each(Object.entries(termChanges))("%s of a term changes the bits of a training", async (field, [loss, value]) => {
    const changed = readAgain(withMain(recipes[loss], { [field]: value }));
    expect(await bitsOf(changed)).not.toEqual(await bitsOf(recipes[loss]));
  });

  it.each([
    { kind: "cosine", final: 0.5 },
    { kind: "cosine", warmup: 0 },
    { kind: "cosine", warmup: 3 },
    { kind: "constant", warmup: 3 },
  ] as const)("schedule $kind with warmup $warmup and final $final changes the bits", async (schedule) => {
    const all = [recipes.lsd, { ...recipes.lsd, schedule: { kind: "constant" } as const }];
    const plain = await Promise.all(all.map((each) => bitsOf(each)));
    expect(plain).not.toContain(await bitsOf(readAgain({ ...recipes.lsd, schedule })));
  });
});

describe("tangent of a term", () => {
  it("trains as the loss with the own tangent and as the setting, to the last bit", async () => {
    const own = readAgain(withMain(recipes.meanFlow, { tangent: "own" }));
    const bits = await bitsOf(own);
    expect(bits).toBe(await bitsOf(withMain(recipes.meanFlow, { loss: ownTangent(losses.meanFlow) })));
    expect(bits).toBe(await bitsOf(recipes.meanFlow, { tangent: "own" }));
  });

  it("is refused by its place where the loss takes no derivative along v", () => {
    expect(() => readAgain(withMain(recipes.lsd, { tangent: "own" }))).toThrow(
      'recipe: terms[1].tangent must be velocity, since lsd takes no derivative along v, got "own"',
    );
  });
});

describe("withoutStops of a term", () => {
  const labelled = Object.entries(losses).flatMap(([name, { stops }]) => stops.map((label) => [label, name] as const));

  it.each([...new Map(labelled)])("switches %s of %s off as the setting does, to the last bit", async (label, name) => {
    const published = recipes[name as LossName];
    const terms = published.terms.map((each) => ({
      ...each,
      withoutStops: each.loss.stops.filter((stop) => stop === label),
    }));
    const own = readAgain({ ...published, terms });
    expect(await bitsOf(own)).toEqual(await bitsOf(published, { withoutStops: [label] }));
  });

  it("differs between two terms of one loss", async () => {
    const half = term({ loss: losses.meanFlow, fraction: 0.5 });
    const [both, one, none] = [
      [true, true],
      [true, false],
      [false, false],
    ].map((off) => recipe({ terms: off.map((isOff) => ({ ...half, withoutStops: isOff ? ["target"] : [] })) }));
    const bits = await Promise.all([both, one, none].map((each) => bitsOf(readAgain(each))));
    expect(new Set(bits).size).toBe(3);
    expect(bits[0]).toEqual(await bitsOf(none, { withoutStops: ["target"] }));
  });
});
