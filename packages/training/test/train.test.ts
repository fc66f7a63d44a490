import { recipes } from "@pushforward/losses";
import { tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  builtinProblems,
  explainLoss,
  explainRecipe,
  judgeTrained,
  makeTrainer,
  type Problem,
  perceptrons,
  type TrainUpdate,
  train,
} from "../src/index.ts";

const problem = builtinProblems.gaussian();
const float32 = { dtype: "float32" } as const;
const tiny = { steps: 4, teacherSteps: 3, batch: 8, width: 4, depth: 1 } as const;

describe("train", () => {
  it("learns the teacher first, tells of each update, and gives network, map and samples", async () => {
    const updates: TrainUpdate[] = [];
    const trained = await train(recipes.lsd, problem, tiny, { onUpdate: (update) => void updates.push(update) });
    expect(updates.map(({ recipe, done }) => `${recipe} ${done}`)).toEqual([
      ...["teacher 1", "teacher 2", "teacher 3", "lsd 1", "lsd 2", "lsd 3", "lsd 4"],
    ]);
    expect(trained.losses).toEqual(updates.slice(3).map(({ loss }) => loss));
    expect(updates.at(-1)?.state).toBe(trained.state);
    const noise = problem.sample(trained.trainer.keyOf(0), 5, "float32");
    expectSameBits(trained.flowMap!(noise, tensor(0, float32), tensor(1, float32)), trained.sample(noise, 1));
    expect(judgeTrained(trained).energyDistance).toBeGreaterThan(0);
    expect(judgeTrained(trained.teacher!).energyDistance).toBeGreaterThan(0);
    expect(trained.teacher!.flowMap).toBeUndefined();
  });

  it("takes a teacher that was learnt before, to the same bits", async () => {
    const first = await train(recipes.lsd, problem, tiny);
    const again = await train(recipes.lsd, problem, tiny, { teacher: first.teacher!.params });
    expect(again.teacher).toBeUndefined();
    expectSameBits(again.state, first.state);
  });

  it("stops when it is told to, and lets the event loop go on", async () => {
    const controller = new AbortController();
    const long = train(recipes.meanFlow, problem, { ...tiny, steps: 10_000_000, velocity: "conditional" }, controller);
    setTimeout(() => controller.abort(new Error("enough")), 100);
    await expect(long).rejects.toThrow("enough");
  });

  it("trains networks of any kind, by what they say of themselves", async () => {
    const calls: string[] = [];
    const settings = { ...tiny, velocity: "conditional" } as const;
    const make = perceptrons({ width: 4, depth: 1, activation: "tanh" });
    const trained = await train(recipes.meanFlow, problem, settings, {
      makeNetwork: (kind, use) => {
        calls.push(`${kind} ${use.dim}`);
        return make(kind, use);
      },
    });
    expect(calls).toContain("averageVelocity 2");
    const other = await train(recipes.meanFlow, problem, settings);
    expect(trained.losses).not.toEqual(other.losses);
  });

  it("names what is wrong with settings, stop-gradients and a loss that is not finite", async () => {
    await expect(train(recipes.meanFlow, problem, { ...tiny, batch: 0 })).rejects.toThrow("batch must be");
    await expect(train(recipes.meanFlow, problem, { ...tiny, withoutStops: ["targt"] })).rejects.toThrow(
      /^train: withoutStops must be one of target, got "targt"/,
    );
    await expect(train(recipes.flowMatching, problem, { ...tiny, withoutStops: ["target"] })).rejects.toThrow(
      "train: withoutStops must be left out: flowMatching has no stop-gradient",
    );
    const bad: Problem = { ...problem, sample: (k, n, dtype) => problem.sample(k, n, dtype).mul(Number.NaN) };
    await expect(train(recipes.denoising, bad, tiny)).rejects.toThrow(
      "train: the loss of denoising stopped being finite at step 1; try a learningRate below 0.004",
    );
  });
});

describe("a trainer", () => {
  it("opens a state for functions that are compiled beside its update", async () => {
    const { trainer, settings } = await train(recipes.meanFlow, problem, { ...tiny, velocity: "conditional" });
    const { at, input } = trainer.open(trainer.initial, null, trainer.keyOf(0));
    expect(input(at).data.shape).toEqual([settings.batch, 2]);
    expectSameBits(
      input(at).data,
      makeTrainer(trainer.recipe, problem, settings).open(trainer.initial, null, trainer.keyOf(0)).input(at).data,
    );
  });
});

describe("explanations", () => {
  it("of a loss are its formula, its program and what its stop-gradients do", () => {
    const { name, stops, formula, effects, program } = explainLoss(recipes.meanFlow.terms[0].loss);
    expect([name, stops]).toEqual(["meanFlow", ["target"]]);
    expect(formula).toContain("sg");
    expect(effects.target.lengthRatio.mean).toBeGreaterThan(1.2);
    expect(program.equations.length).toBeGreaterThan(10);
    expect(explainLoss(recipes.meanFlow.terms[0].loss, ["target"]).formula).not.toContain("sg");
  });

  it("of a recipe are a line for each term", () => {
    expect(explainRecipe(recipes.lsd)).toEqual([
      expect.stringMatching(/^flowMatching: 75 % of the batch/),
      expect.stringMatching(/^lsd: 25 % of the batch/),
    ]);
  });
});
