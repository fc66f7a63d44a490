import { type LossName, recipes } from "@pushforward/losses";
import { fromData, tensor } from "@pushforward/tensor";
import {
  builtinProblems,
  Judge,
  makeTrainer,
  type Problem,
  parseTrainingSettings,
  type TrainingSettings,
  train,
} from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { digest } from "../src/work/digest.ts";
import { Easel } from "../src/work/easel.ts";
import { Lane } from "../src/work/race/lane.ts";
import { LaneRunner } from "../src/work/race/laneRunner.ts";
import type { LaneTraining, Result } from "../src/work/race/messages.ts";
import { Stage } from "../src/work/race/stage.ts";

const settings = { steps: 30, batch: 16, learningRate: 4e-3, width: 8, seed: 3 } as const;
const meanFlow: LaneTraining = {
  data: { kind: "embedded", name: "gaussian" },
  loss: "meanFlow",
  withoutStops: [],
  settings,
  times: "uniform",
  backend: "wasm",
};

async function finished(training: LaneTraining): Promise<Lane> {
  const lane = await Lane.open(training);
  while (!lane.isFinished) await lane.step();
  return lane;
}

/** Losses and one-step samples of `train`, as the command calls it. */
async function trained(loss: LossName, problem: string, more: Partial<TrainingSettings>) {
  const flow = await train(recipes[loss], builtinProblems[problem](), { ...settings, backend: "wasm", ...more });
  const noise = new Judge(flow.problem, "float32").noise(1000);
  return { losses: flow.losses, samples: flow.sample(noise, 1).dataSync() };
}

describe("a lane", () => {
  it("trains to the bits of train with the exact velocity, and judges as the command does", async () => {
    const lane = await finished(meanFlow);
    const { losses, samples } = await trained("meanFlow", "gaussian", { teacherVelocity: "exact" });
    expect(lane.losses).toEqual(losses);
    expect(lane.samples()?.dataSync()).toEqual(samples);
    const { marks, metric, loss } = lane.figures();
    expect([metric, loss]).toEqual(["1-step error", losses.at(-1)]);
    const noise = new Judge(lane.problem, "float32").noise(1000).cast("float64");
    const exact = lane.problem.exact!.flowMap(noise, tensor(0), tensor(1)).dataSync();
    const sum = Array.from(exact).reduce((total, value, i) => total + (value - samples[i]) ** 2, 0);
    expect(marks.at(-1)?.error).toBeCloseTo(Math.sqrt(sum / 1000), 10);
  });

  it("learns a teacher first where the exact velocity is unknown", async () => {
    const lane = await Lane.open({ ...meanFlow, data: { kind: "embedded", name: "moons" }, loss: "lsd" });
    expect(lane.figures()).toMatchObject({ teacherDone: 0, done: 0, marks: [], metric: "sliced W₂" });
    expect(lane.samples()).toBeUndefined();
    while (!lane.isFinished) await lane.step();
    const { losses, samples } = await trained("lsd", "moons", { teacherSteps: settings.steps });
    expect(lane.losses).toEqual(losses);
    expect(lane.samples()?.dataSync()).toEqual(samples);
  });

  it.each(["esd", "ctm", "sid"] as const)(
    "trains to the bits of train with %s, which is loaded on demand",
    async (loss) => {
      const lane = await finished({ ...meanFlow, loss });
      const { losses, samples } = await trained(loss, "gaussian", { teacherVelocity: "exact" });
      expect(lane.losses).toEqual(losses);
      expect(lane.samples()?.dataSync()).toEqual(samples);
    },
  );

  it("trains to the bits of train with a stop-gradient off, which differ (control)", async () => {
    const lane = await finished({ ...meanFlow, withoutStops: ["target"] });
    const more: Partial<TrainingSettings> = { teacherVelocity: "exact", withoutStops: ["target"] };
    expect(lane.losses).toEqual((await trained("meanFlow", "gaussian", more)).losses);
    expect(lane.losses).not.toEqual((await finished(meanFlow)).losses);
  });

  it("keeps states, whose samples are those that were there", async () => {
    const lane = await Lane.open(meanFlow);
    const then = new Map<number, ArrayLike<number> | undefined>([[0, lane.samples()?.dataSync()]]);
    while (!lane.isFinished) {
      await lane.step();
      then.set(lane.done, lane.samples()?.dataSync());
    }
    for (const update of [0, 1, 17, 29]) expect(lane.samples(update)?.dataSync()).toEqual(then.get(update));
    expect(lane.samples(17)?.dataSync()).not.toEqual(then.get(18)); // control
    expect(lane.figures(17).shown).toBe(17);
    expect(lane.figures().marks.map(({ update }) => update)).toEqual(Array.from({ length: 31 }, (_, i) => i));
  });

  it("of many updates keeps few states, the last among them", async () => {
    const lane = await finished({ ...meanFlow, settings: { ...settings, steps: 101 } });
    const updates = lane.figures().marks.map(({ update }) => update);
    expect(updates.slice(0, 3)).toEqual([0, 3, 6]);
    expect(updates.slice(-2)).toEqual([99, 101]);
    expect(lane.figures(100).shown).toBe(99);
  });

  it("goes on with another learning rate and other stop-gradients from the next update on", async () => {
    const [whole, changed] = [await Lane.open(meanFlow), await Lane.open(meanFlow)];
    for (const lane of [whole, changed]) for (let i = 0; i < 10; i++) await lane.step();
    changed.change({ learningRate: 1e-2, withoutStops: ["target"], times: "uniform" });
    for (const lane of [whole, changed]) for (let i = 0; i < 3; i++) await lane.step();
    expect(changed.losses.slice(0, 10)).toEqual(whole.losses.slice(0, 10));
    expect(changed.losses[11]).not.toBe(whole.losses[11]);
  });

  it("ends with a sentence about the operation where the loss stops being finite", async () => {
    const gaussian = builtinProblems.gaussian();
    const problem: Problem = { ...gaussian, sample: (k, n, dtype) => gaussian.sample(k, n, dtype).mul(1e30) };
    const plain = parseTrainingSettings({ ...settings, preset: "paper", backend: "wasm" });
    const stage = new Stage(makeTrainer(recipes.flowMatching, problem, plain));
    await expect(stage.step()).rejects.toThrow(
      /^The loss stopped being finite at update 1: in step 1 of flowMatching the operation "\w+".* made the first infinity/,
    );
    expect(stage.done).toBe(0);
  });

  it("refuses settings as the command does", async () => {
    await expect(Lane.open({ ...meanFlow, settings: { ...settings, learningRate: 2 } })).rejects.toThrow(
      "config: learningRate must be a number above 0, at most 1, got 2",
    );
  });
});

describe("data of a reader", () => {
  const csv = (text: string): LaneTraining => ({
    ...meanFlow,
    data: { kind: "file", name: "own.csv", bytes: new TextEncoder().encode(text) },
  });
  const rows = Array.from({ length: 20 }, (_, i) => `${i},${i * i}`).join("\n");

  it("are tables of two columns", async () => {
    const lane = await finished(csv(`x,y\n${rows}`));
    expect(lane.problem.columns).toEqual(["x", "y"]);
    expect(lane.figures().done).toBe(settings.steps);
  });

  it.each([
    ["x,y\n1,2\nthree,4\n5,6\n7,8\n", 'parseCsv: "own.csv"'],
    [
      "x,y,z\n1,2,3\n4,5,6\n7,8,9\n1,1,1\n",
      "data: own.csv must have 2 columns, so that its points can be shown, got 3: x, y, z",
    ],
    ["x,y\n1,2\n3,4\n", "data: own.csv must have at least 2 rows to train on and 2 to judge by, got 2"],
    ["", 'parseCsv: "own.csv"'],
  ])("are refused with a sentence: %j", async (text, message) => {
    await expect(Lane.open(csv(text))).rejects.toThrow(message);
  });
});

describe("views of a lane", () => {
  it("show samples after more steps, paths through these steps, and the velocity on a grid, each beside the exact one", async () => {
    const lane = await finished(meanFlow);
    const view = { show: "samples", evaluations: 4, time: 0.5 } as const;
    const { samples } = lane.scene(undefined, view);
    expect(samples).toEqual(lane.samples(undefined, 4)!.dataSync());
    expect(samples).not.toEqual(lane.samples()!.dataSync());
    const { paths, exactPaths } = lane.scene(undefined, { ...view, show: "paths" });
    expect(paths).toHaveLength(60);
    for (const [row, path] of paths!.entries()) {
      expect(path).toHaveLength(2 * 5);
      expect(Array.from(path).slice(-2)).toEqual([samples![2 * row], samples![2 * row + 1]]); // the same noise
    }
    const noise = new Judge(lane.problem, "float32").noise(60).cast("float64");
    const end = lane.problem.exact!.flowMap(noise, tensor(0), tensor(1)).dataSync();
    Array.from(exactPaths![3])
      .slice(-2)
      .forEach((value, i) => void expect(value).toBeCloseTo(Number(end[6 + i]), 10));
    const { field, exactField } = lane.scene(undefined, { ...view, show: "field" });
    expect(field!.points).toHaveLength(2 * 16 * 16);
    const at = fromData(Float64Array.from(field!.points), [256, 2]);
    expect(exactField!.vectors).toEqual(lane.problem.exact!.velocity(at, tensor(0.5)).dataSync());
    expect(field!.vectors).not.toEqual(exactField!.vectors);
  });

  it("judge samples after 1, 2, 4, 8 and 16 steps by the distance to held-out points", async () => {
    const lane = await finished(meanFlow);
    const marks = lane.bySteps();
    expect(marks.map(({ evaluations }) => evaluations)).toEqual([1, 2, 4, 8, 16]);
    const { heldOut } = lane.problem;
    const judge = new Judge(lane.problem, "float32");
    const flow = await train(recipes.meanFlow, lane.problem, {
      ...settings,
      backend: "wasm",
      teacherVelocity: "exact",
    });
    expect(marks[2].error).toBe(judge.score("slicedWasserstein", (noise) => flow.sample(noise, 4)));
    expect(heldOut.values.length).toBeGreaterThan(0);
    expect(new Set(marks.map(({ error }) => error)).size).toBe(5); // control: steps change the samples
  });

  it("are empty while a teacher is learnt", async () => {
    const lane = await Lane.open({ ...meanFlow, data: { kind: "embedded", name: "moons" }, loss: "lsd" });
    for (const show of ["samples", "paths", "field"] as const) {
      const { samples, paths, field } = lane.scene(undefined, { show, evaluations: 1, time: 0 });
      expect([samples, paths, field]).toEqual([undefined, undefined, undefined]);
    }
    expect(lane.bySteps()).toEqual([]);
  });
});

describe("times", () => {
  it("change the updates from the next one on", async () => {
    const [changed, same] = [await Lane.open(meanFlow), await Lane.open(meanFlow)];
    for (const lane of [changed, same]) await lane.step();
    changed.change({ learningRate: settings.learningRate, withoutStops: [], times: "recipe" });
    for (const lane of [changed, same]) await lane.step();
    expect(changed.losses[0]).toBe(same.losses[0]);
    expect(changed.losses[1]).not.toBe(same.losses[1]);
    const drawn = await Lane.open({ ...meanFlow, times: "recipe" });
    await drawn.step();
    expect(drawn.losses[0]).not.toBe(same.losses[0]);
  });
});

describe("the runner of a lane", () => {
  it("begins with values that were changed while the lane was opened", async () => {
    const results: Result[] = [];
    const runner = new LaneRunner(new Easel(), (result) => results.push(result));
    const opened = runner.prepare(meanFlow);
    const change = { learningRate: 0.5, withoutStops: ["target"], times: "uniform" } as const;
    const changed = runner.change(change);
    await Promise.all([opened, changed, runner.run(2)]);
    const direct = await Lane.open({
      ...meanFlow,
      withoutStops: ["target"],
      settings: { ...settings, learningRate: 0.5 },
    });
    await direct.step();
    await direct.step();
    const last = results[results.length - 1];
    expect(last.kind === "idle" && last.digests.losses).toBe(digest(Float64Array.from(direct.losses)));
    const unchanged = await Lane.open(meanFlow); // control
    await unchanged.step();
    expect(unchanged.losses[0]).toBe(direct.losses[0]); // the first loss precedes the first update
    await unchanged.step();
    expect(unchanged.losses[1]).not.toBe(direct.losses[1]);
  });
});
