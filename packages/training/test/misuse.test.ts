import { recipes } from "@pushforward/losses";
import { cast, DomainError, DTypeError, ShapeError, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  accuracy,
  builtinProblems,
  classifierOf,
  cosineParts,
  coverage,
  errorParts,
  frechet,
  judgeTrained,
  makeObservatory,
  makeTrainer,
  type Observation,
  type Problem,
  parseTrainingSettings,
  tableProblem,
  train,
} from "../src/index.ts";

const moons = builtinProblems.moons();
const small = { steps: 2, width: 4, depth: 1, batch: 8, teacherVelocity: undefined, preset: "paper" } as const;
/** A call that TypeScript would refuse. */
const wrong = (value: unknown): never => value as never;
const own = (change: object): Problem => ({ ...moons, name: "own", ...change });
/** A training with one observation. */
const observedAs = (figures: Observation) => ({
  name: "own",
  seeds: [{ seed: 0, observations: [{ step: 5, figures }] }],
});

const trainerOf = (width: number) =>
  makeTrainer(recipes.meanFlow, moons, parseTrainingSettings({ ...small, width, backend: "reference" }));
const trainer = trainerOf(4);

const cases: readonly [call: () => unknown, error: new (message: string) => Error, message: string][] = [
  [() => train(wrong("meanFlow"), moons), DTypeError, 'train: the recipe must be an object, got the text "meanFlow"'],
  [
    () => train(recipes.meanFlow, wrong("moons")),
    DTypeError,
    'train: the problem must be an object, got the text "moons"',
  ],
  [
    () => train(recipes.meanFlow, wrong({ name: "own", dim: 2 })),
    DTypeError,
    "train: sample of the problem must be a function, got undefined",
  ],
  [
    () => train(recipes.meanFlow, own({ dim: 0.5 })),
    DomainError,
    "train: dim of the problem must be a whole number ≥ 1, got 0.5",
  ],
  [
    () => tableProblem("own", wrong({ values: [[1, 2]] }), { heldOut: 0.2, seed: 0 }),
    DTypeError,
    "tableProblem: values of the table must be",
  ],
  [
    () => train(recipes.meanFlow, moons, wrong({ step: 5 })),
    DomainError,
    "config: unknown setting step; did you mean steps?",
  ],
  [
    () => train(recipes.meanFlow, moons, small, wrong({ onUpdate: 1 })),
    DTypeError,
    "train: onUpdate must be a function, got the number 1",
  ],
  [
    () => train(recipes.meanFlow, own({ sample: (k: Tensor, n: number) => moons.sample(k, n + 1, "float32") }), small),
    ShapeError,
    'own: sample(key, 8, "float32") must return float32[8, 2], got float32[9, 2]',
  ],
  [
    () =>
      train(
        recipes.meanFlow,
        own({ sample: (k: Tensor, n: number) => moons.sample(k, n, "float32").slice(null, 0) }),
        small,
      ),
    ShapeError,
    'own: sample(key, 8, "float32") must return float32[8, 2], got float32[8]',
  ],
  [
    () =>
      train(
        recipes.meanFlow,
        own({ sample: (k: Tensor, n: number) => cast(moons.sample(k, n, "float32"), "float64") }),
        small,
      ),
    DTypeError,
    'own: sample(key, 8, "float32") must return float32[8, 2], got float64; pass the dtype on, or use cast',
  ],
  [
    () => train(recipes.meanFlow, own({ sample: () => [1, 2] }), small),
    DTypeError,
    'own: sample(key, 8, "float32") must return float32[8, 2], got object',
  ],
  [
    () => makeTrainer(recipes.meanFlow, moons, wrong({ steps: 3 })),
    DTypeError,
    "makeTrainer: the settings must have batch; complete them by parseTrainingSettings(settings)",
  ],
  [
    () => makeTrainer(wrong({}), moons, parseTrainingSettings(small)),
    DTypeError,
    "makeTrainer: terms of the recipe must be a list, got undefined",
  ],
  [
    () => judgeTrained(wrong(undefined)),
    DTypeError,
    "judgeTrained: the finished training must be an object, got undefined",
  ],
  [
    () => judgeTrained(wrong({})),
    DTypeError,
    "judgeTrained: recipe of the finished training must be an object, got undefined",
  ],
  [
    () => classifierOf(wrong("digits"), 10),
    DTypeError,
    'classifierOf: the problem must be an object, got the text "digits"',
  ],
  [() => classifierOf(moons, 10), DomainError, "classifierOf: points of moons must have labels, got none; name them"],
  [
    () => classifierOf(moons, -1),
    DomainError,
    "classifierOf: the number of judged points must be a whole number ≥ 0, got -1",
  ],
  [
    () => accuracy({ values: [1, 2], dim: 1 }, { values: [1, 2], dim: 2 }),
    ShapeError,
    "accuracy: both sets must have the same dim, got 1 and 2",
  ],
  [
    () => accuracy({ values: [1, 2], dim: 1 }, { values: [1], dim: 1 }),
    ShapeError,
    "accuracy: both must be [n, 1] with equal n, got [2, 1] and [1, 1]",
  ],
  [
    () => frechet({ values: [1, 2], dim: 1 }, { values: [1, 2], dim: 2 }),
    ShapeError,
    "frechet: both sets must have the same dim, got 1 and 2",
  ],
  [
    () => coverage({ values: [1, 2], dim: 1 }, { values: [1, 2, 3], dim: 1 }),
    ShapeError,
    "coverage: the set must have more than 3 points, got 3; give more, or a smaller neighbour",
  ],
  [
    () => coverage({ values: [1, 2], dim: 1 }, { values: [1, 2, 3], dim: 1 }, { neighbour: 0 }),
    DomainError,
    "coverage: neighbour must be a positive integer, got 0",
  ],
  [() => errorParts(wrong({})), DTypeError, "errorParts: the trainings must be a list, got an object"],
  [() => errorParts([wrong({})]), DTypeError, "errorParts: seeds of a training must be a list, got undefined"],
  [
    () => errorParts([observedAs({ times: { error: [1, 2] } })]),
    ShapeError,
    "errorParts: the errors at step 5 must be [256], one per cell of s and t, got [2]",
  ],
  [() => cosineParts(wrong([])), DTypeError, "cosineParts: seeds of the training must be a list, got undefined"],
  [
    () => makeObservatory(wrong("meanFlow")),
    DTypeError,
    'makeObservatory: the trainer must be an object, got the text "meanFlow"',
  ],
  [
    () => makeObservatory(wrong(recipes.meanFlow)),
    DTypeError,
    "makeObservatory: recipe of the trainer must be an object, got undefined",
  ],
  [
    () => makeObservatory(wrong({ ...trainer, open: undefined })),
    DTypeError,
    "makeObservatory: open of the trainer must be a function, got undefined",
  ],
  [
    () => makeObservatory(trainer).observe(wrong(undefined)),
    DTypeError,
    "observe: the state must be an object, got undefined",
  ],
  [
    () => makeObservatory(trainer).observe(wrong(trainer.initial.params)),
    DTypeError,
    "observe: ema of the state must be an object, got undefined",
  ],
  [
    () => makeObservatory(trainer).observe(trainerOf(5).initial),
    ShapeError,
    "averageVelocityNetwork: layers.0.weight must be [34, 4], got [34, 5]",
  ],
];

describe("arguments that a training cannot use", () => {
  it.each(cases)("%s", async (call, error, message) => {
    const attempt = async (): Promise<unknown> => call();
    await expect(attempt()).rejects.toThrow(error);
    await expect(attempt()).rejects.toThrow(message);
  });

  it("a trainer refuses settings without one that has a default", () => {
    const complete = parseTrainingSettings(small);
    const names = Object.keys(parseTrainingSettings({}));
    expect(names).toEqual(expect.arrayContaining(["steps", "seed", "clipNorm", "backend"]));
    for (const name of names) {
      expect(() => makeTrainer(recipes.meanFlow, moons, { ...complete, [name]: undefined }), name).toThrow(
        `makeTrainer: the settings must have ${name}; complete them`,
      );
    }
  });

  it("the same calls with right arguments train", async () => {
    const { losses } = await train(recipes.meanFlow, own({}), small);
    expect(losses).toHaveLength(2);
    expect(makeTrainer(recipes.meanFlow, moons, parseTrainingSettings(small)).recipe).toBe(recipes.meanFlow);
    expect(Object.keys(await makeObservatory(trainer).observe(trainer.initial))).toContain("gradientNorms");
  });
});
