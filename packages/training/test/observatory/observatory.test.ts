import { losses, type Recipe, recipe, recipes, teacherRecipe, term } from "@pushforward/losses";
import { compile, key, type Tensor, type Tree, tensor, treeMap } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { beforeAll, describe, expect, it } from "vitest";
import {
  builtinProblems,
  chosenRecipe,
  figureNames,
  figures,
  learnsDiagonal,
  makeObservatory,
  makeTrainer,
  type Observation,
  parseTrainingSettings,
  type Trainer,
  type TrainingSettings,
  type TrainState,
  timeCells,
  train,
} from "../../src/index.ts";
import { batchCount } from "../../src/observatory/batches.ts";
import { otherVelocities } from "../../src/observatory/estimators.ts";
import { exactValues } from "../../src/observatory/exactValues.ts";
import { observed } from "../../src/observatory/observed.ts";
import { needsLearntTeacher } from "../../src/trainer/exactTeacher.ts";
import { endsAtData } from "../../src/trainer/recipeTraits.ts";
import { streams } from "../../src/trainer/streams.ts";

const problem = builtinProblems.gaussian();
const tiny = { steps: 12, batch: 8, group: 4, width: 8, depth: 1, preset: "paper" } as const;

let teacher: Tree;
beforeAll(async () => {
  teacher = (await train(teacherRecipe, problem, { ...tiny, steps: 2 })).params;
});

/** A tiny training of a recipe. */
function trainerOf(trained: Recipe, more: Partial<TrainingSettings> = {}): Trainer {
  const settings = parseTrainingSettings({ ...tiny, ...more });
  const chosen = chosenRecipe(trained, settings);
  const isTaught = needsLearntTeacher(chosen, settings);
  return makeTrainer(chosen, problem, settings, { teacher: isTaught ? teacher : undefined });
}

const observe = (trainer: Trainer, state: TrainState = trainer.initial): Promise<Observation> =>
  makeObservatory(trainer).observe(state);

const all: readonly Recipe[] = [...Object.values(recipes), teacherRecipe];

/** Everything by which figures differ from each other: the rest is the formula of a loss. */
const traitsOf = ({ terms, network, form, stages, balance, fakeVelocity, critic }: Recipe): string =>
  JSON.stringify([
    ...terms.map(({ loss, weighting, velocity, start }) => [loss.family, loss.learns, weighting.kind, velocity, start]),
    ...[network, form, stages > 1, balance, fakeVelocity?.seesStart, critic !== null],
  ]);

/** One recipe for each combination of traits. */
const representatives = [...new Map(all.map((each) => [traitsOf(each), each])).values()];

const lengths = { lines: [1, batchCount], split: [batchCount], times: [timeCells ** 2], fan: [timeCells] };

describe("the observatory of every recipe", () => {
  it.each(all.map((each) => [each.name, each] as const))("has the figures that make sense: %s", (_, trained) => {
    const trainer = trainerOf(trained);
    const found = makeObservatory(trainer).figures;
    const { terms, network, balance, pairs } = trainer.recipe;
    const isGenerator = terms.some(({ loss }) => loss.learns === "generator");
    const has = (...names: readonly (typeof figureNames)[number][]): boolean[] =>
      names.map((name) => found.includes(name));
    const same = (value: boolean, count: number): boolean[] => Array.from({ length: count }, () => value);
    expect(has("lossSplit", "gradientNorms")).toEqual(same(true, 2));
    const hasStops = terms.some(({ loss }) => loss.stops.length > 0);
    expect(has("stopCosine", "stopLength", "blockedCotangents")).toEqual(same(hasStops, 3));
    // The flow of rectified pairs is not the problem's, so that its true error is not known.
    const hasTarget = !isGenerator && balance === "none" && pairs !== "rectified";
    expect(has("trueCosine", "gradientBias", "gradientNoise")).toEqual(same(hasTarget, 3));
    const hasMap =
      !isGenerator && network === "averageVelocity" && !learnsDiagonal(trainer.recipe) && !endsAtData(trainer.recipe);
    expect(has("times", "stretch")).toEqual(same(hasMap, 2));
  });

  it("has no maps over two times of losses whose network learns the way to t = 1 only", () => {
    const found = (name: "meanFlow" | "consistencyTraining"): readonly string[] =>
      makeObservatory(trainerOf(recipes[name])).figures.filter((each) => each === "times" || each === "stretch");
    expect(found("consistencyTraining")).toEqual([]);
    expect(found("meanFlow")).toEqual(["times", "stretch"]);
  });

  it.each(representatives.map((each) => [each.name, each] as const))(
    "measures them at its first state: %s",
    async (_, trained) => {
      // Before the warm-up a student that begins as the teacher has no error, so that no gradient has a direction.
      const trainer = trainerOf(trained.warmup ? { ...trained, init: "zero" } : trained);
      // A new critic is a constant, whose derivative along a velocity teaches nothing.
      const isConstant = trainer.recipe.critic?.compares === "velocities";
      const found = await observe(trainer, isConstant ? (await trainer.step(trainer.initial, 0)).state : undefined);
      expect(Object.keys(found)).toEqual(makeObservatory(trainer).figures);
      for (const [name, series] of Object.entries(found)) {
        const { kind } = figures[name as keyof typeof figures];
        expect(Object.keys(series).length, name).toBeGreaterThan(0);
        for (const [each, numbers] of Object.entries(series)) {
          expect(lengths[kind], `${name} ${each}`).toContain(numbers.length);
          // A student that equals its teacher has a gradient of zero, and then no direction.
          const isDirection = name === "stopCosine" || name === "stopLength";
          if (!(isDirection && trainer.recipe.fakeVelocity))
            expect(
              numbers.some((value) => value !== null),
              `${name} ${each}`,
            ).toBe(true);
        }
      }
    },
  );

  it("measures the recipes of every family, kind of network and training", () => {
    expect(new Set(representatives.flatMap(({ terms }) => terms.map(({ loss }) => loss.family))).size).toBe(5);
    expect(representatives.length).toBeGreaterThan(15);
    expect(representatives.length).toBeLessThan(all.length / 1.5);
  });
});

/** Bits of the parameters after a few steps, with a look at every state. */
async function paramsAfter(
  trainer: Trainer,
  look?: (state: TrainState, index: number) => Promise<unknown>,
): Promise<TrainState> {
  let state = trainer.initial;
  for (let index = 0; index < 6; index++) {
    await look?.(state, index);
    state = (await trainer.step(state, index)).state;
  }
  return state;
}

describe("an observation", () => {
  it("draws from a stream of its own", () => {
    expect(Object.values(streams).filter((each) => each === streams.observatory)).toHaveLength(1);
  });

  const small = { steps: 6 } as const;

  it.each(["meanFlow", "dmd2", "ctm"] as const)("changes no bit of the training: %s", async (name) => {
    const trainer = trainerOf(recipes[name], small);
    const { observe } = makeObservatory(trainer);
    const observedState = await paramsAfter(trainer, observe);
    expectSameBits(observedState, await paramsAfter(trainerOf(recipes[name], small)));
    // The control: one more step of the training in between would be seen.
    const other = await paramsAfter(trainerOf(recipes[name], { ...small, seed: 1 }));
    expect(() => expectSameBits(observedState, other)).toThrow();
  });

  it("leaves the state that it measures as it was", async () => {
    const trainer = trainerOf(recipes.meanFlow);
    const before = treeMap((x: Tensor) => tensor(x.toArray() as number[], { dtype: x.dtype }), trainer.initial as Tree);
    await observe(trainer);
    expectSameBits(trainer.initial, before);
  });

  it("has the same numbers twice, from another observatory too, and others at another state and another seed", async () => {
    const trainer = trainerOf(recipes.meanFlow);
    const observatory = makeObservatory(trainer);
    const first = await observatory.observe(trainer.initial);
    expect(await observatory.observe(trainer.initial)).toEqual(first);
    expect(await observe(trainerOf(recipes.meanFlow))).toEqual(first);
    const { state } = await trainer.step(trainer.initial, 0);
    expect(await observatory.observe(state)).not.toEqual(first);
    expect(await observe(trainerOf(recipes.meanFlow, { seed: 1 }))).not.toEqual(first);
  });

  it("is plain JSON of five significant digits, with null for numbers that are not finite", async () => {
    const found = await observe(trainerOf(recipes.meanFlow));
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    const numbers = Object.values(found).flatMap((series) => Object.values(series).flat());
    expect(numbers.every((each) => each === null || each === Number(each.toPrecision(5)))).toBe(true);
    expect(numbers.filter((each) => each !== null).length).toBeGreaterThan(500);
  });

  it("of parameters that are not numbers has nulls and no error", async () => {
    const trainer = trainerOf(recipes.meanFlow);
    const params = treeMap((x: Tensor) => x.mul(Number.NaN), trainer.initial.params);
    const found = await observe(trainer, { ...trainer.initial, params });
    for (const [name, series] of Object.entries(found))
      for (const [each, numbers] of Object.entries(series))
        expect(
          numbers.every((value) => value === null),
          `${name} ${each}`,
        ).toBe(true);
    expect(Object.keys(found)).toEqual(Object.keys(await observe(trainer)));
  });

  it.each(["meanFlow", "lsd", "consistencyTraining", "shortcut"] as const)(
    "has the same values on the reference backend and in WebAssembly, to 1e-10 in float64: %s",
    async (name) => {
      const trainer = trainerOf(recipes[name], { dtype: "float64" });
      const { state } = await trainer.step(trainer.initial, 0);
      const exact = exactValues(trainer, null, key(3));
      const names = figureNames.filter((each) => figures[each].applies(trainer));
      const [reference, wasm] = (["reference", "wasm"] as const).map((backend) =>
        compile(
          (at: TrainState, random: Tensor) => {
            const of = observed({ trainer, state: at, teacher: null, key: random, exact });
            return Object.fromEntries(names.map((each) => [each, figures[each].measure(of)]));
          },
          { backend },
        )(state, key(3)),
      );
      // Differences of nearly equal numbers have the rounding errors of the numbers.
      expectClose(wasm, reference, { rtol: 1e-10, condition: 0.1 });
      expect(() => expectClose(wasm, reference, { rtol: 0 })).toThrow();
    },
  );
});

describe("the velocities of an observation", () => {
  it("leave out exact ones for rectified pairs, whose flow is straighter than the flow of the problem", async () => {
    const independent = trainerOf(recipes.meanFlow);
    const rectified = trainerOf(recipes.meanFlow, { pairs: "rectified" });
    expect(otherVelocities(independent)).toEqual(["exact"]);
    expect(otherVelocities(rectified)).toEqual([]);
    const found = await observe(rectified);
    expect(Object.keys(found)).not.toContain("trueCosine");
    expect(Object.keys(found.times!)).not.toContain("error");
    expect(Object.keys(found.lossSplit!)).toEqual(["residual"]);
    const before = await observe(independent);
    expect(Object.keys(before)).toContain("trueCosine");
    expect(Object.keys(before.times!)).toContain("error");
  });

  it("replace the velocity that a term regresses on, and not the teacher in its other uses", () => {
    const plain = { timeLaw: { kind: "uniformTriangle" }, weighting: { kind: "none" } } as const;
    const trained = recipe({
      terms: [
        term({ loss: losses.flowMatching, fraction: 0.5 }),
        term({ loss: losses.localForward, fraction: 0.5, velocity: "teacher", ...plain }),
      ],
    });
    const trainer = trainerOf(trained);
    const { values } = observed({
      ...{ trainer, state: trainer.initial, teacher, key: key(5) },
      exact: exactValues(trainer, teacher, key(5)),
    }).batches().terms[1];
    expect(Object.keys(values)).toContain("exact v");
    expectSameBits(values["exact v"], values["as trained"]);
    // The control: with another teacher this loss has other values.
    const other = observed({
      ...{ trainer, state: trainer.initial, teacher: treeMap((x: Tensor) => x.add(0.1), teacher), key: key(5) },
      exact: exactValues(trainer, teacher, key(5)),
    }).batches().terms[1];
    expect(() => expectSameBits(other.values["as trained"], values["as trained"])).toThrow();
  });
});
