import { formNetworks } from "@pushforward/flows";
import { type LossName, losses, type Recipe, recipe, recipes, teacherRecipe, term } from "@pushforward/losses";
import { key, normal, type Tensor, type Tree, tensor, treeLeaves } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { builtinProblems, chosenRecipe, makeTrainer, parseTrainingSettings, train } from "../../src/index.ts";
import { ratios } from "../../src/trainer/ratios.ts";
import { evaluateTerm } from "../../src/trainer/recipeLoss.ts";
import { averageDecay } from "../../src/trainer/setup.ts";
import type { StepInput } from "../../src/trainer/stepInput.ts";

const problem = builtinProblems.gaussian();
const settings = { steps: 4, teacherSteps: 2, batch: 8, width: 8, depth: 1, preset: "paper" } as const;
const teacher = await train(teacherRecipe, problem, settings);
const numbers = (x: Tensor): number[] => [...x.dataSync()];
const parametersOf = (params: Tree): number[] => treeLeaves(params).flatMap((leaf) => numbers(leaf as Tensor));

describe("ratios of densities", () => {
  const logits = tensor([0.5, -1, 2, 0.1, 30]);
  const times = tensor([[0.11], [0.19], [0.2], [0.299], [1]]);

  it("paper: e^C within its bounds", () => {
    expect(numbers(ratios.paper(logits))).toEqual(
      [0.5, -1, 2, 0.1].map((c) => expect.closeTo(Math.exp(c), 12)).concat([20]),
    );
  });

  it("binned: over the mean of the rows in the same tenth of the times", () => {
    const [a, b, c, d] = [0.5, -1, 2, 0.1].map(Math.exp);
    const expected = [(2 * a) / (a + b), (2 * b) / (a + b), (2 * c) / (c + d), (2 * d) / (c + d), 1];
    expect(numbers(ratios.binned(logits, times))).toEqual(expected.map((value) => expect.closeTo(value, 12)));
    // all rows at one time: over the mean of the batch
    const together = numbers(ratios.binned(logits, tensor([[0.5], [0.5], [0.5], [0.5], [0.5]])));
    expect(together.reduce((sum, value) => sum + value, 0)).toBeCloseTo(5, 12);
    expect(together[0]).not.toBeCloseTo(expected[0], 2);
  });

  it("released: −L/(1 − L) with L over 3072 pixels is 1.000 to 1.002 for logits that a critic has", () => {
    const found = numbers(ratios.released(tensor([-3, -1, 0, 0.5, 1.5])));
    const byHand = [-3, -1, 0, 0.5, 1.5].map((c) => {
      const total = 3072 * Math.log(1 + Math.exp(-c));
      return -total / (1 - total);
    });
    expect(found).toEqual(byHand.map((value) => expect.closeTo(value, 12)));
    expect(found.every((ratio) => ratio > 1 && ratio < 1.002)).toBe(true);
  });

  it("released: Uni-Instruct is SiD with α = 1, and with the ratio of the paper it is not", () => {
    const student = (x: Tensor, s: unknown): Tensor =>
      x
        .mul(0.3)
        .add(s as Tensor)
        .tanh();
    const input: StepInput = {
      student,
      teacher: (x: Tensor) => x.mul(-0.5),
      fakeVelocity: (x: Tensor) => x.mul(0.2).add(0.1),
      critic: (x: Tensor) => x.sum(-1),
      data: normal(key(1), [64, 2]),
      key: key(2),
    };
    const mean = (name: LossName, ratio: Recipe["ratio"]): number => {
      const { timeLaw } = recipes.sidOne.terms[0];
      const one = recipe({ terms: [term({ loss: losses[name], timeLaw, start: "noise" })], ratio });
      const { values } = evaluateTerm(one, 0, input)!;
      return values.mean().item();
    };
    const [released, paper, sid] = [
      mean("uniInstruct", "released"),
      mean("uniInstruct", "paper"),
      mean("sidOne", "paper"),
    ];
    expect(Math.abs(released / sid - 1)).toBeLessThan(0.005);
    expect(Math.abs(paper / sid - 1)).toBeGreaterThan(0.1);
  });
});

describe("a student that begins as the teacher", () => {
  const trainerOf = (name: LossName, init: "zero" | "teacher") =>
    makeTrainer(chosenRecipe(recipes[name], { init }), problem, parseTrainingSettings(settings), {
      teacher: teacher.params,
    });
  const [x, s, one] = [
    normal(key(3), [16, 2], { dtype: "float32" }),
    tensor(0.3, { dtype: "float32" }),
    tensor(1, { dtype: "float32" }),
  ];

  it.each(["ayfEmd", "sdei", "consistencyDistillation", "scmDistillation"] as const)(
    "%s: its map is a step along v",
    (name) => {
      const start = (init: "zero" | "teacher") => {
        const trainer = trainerOf(name, init);
        return numbers(trainer.network(trainer.initial)(x, s, one));
      };
      const { student } = makeTrainer(teacherRecipe, problem, parseTrainingSettings(settings));
      const velocity = numbers(student.apply(teacher.params as never, x, s) as Tensor);
      const gap = (values: number[]) => Math.max(...values.map((value, i) => Math.abs(value - velocity[i])));
      expect(Math.max(...velocity.map(Math.abs))).toBeGreaterThan(1e-3);
      expect(gap(start("teacher"))).toBeLessThan(1e-5);
      expect(gap(start("zero"))).toBeGreaterThan(1e-3);
    },
  );

  it("is an average velocity for sCM, whose loss gets the network of TrigFlow's form", () => {
    const chosen = chosenRecipe(recipes.scmDistillation, { init: "teacher" });
    expect([chosen.form, chosenRecipe(recipes.scmDistillation, { init: "zero" }).form]).toEqual([
      "firstOrder",
      "trigFlow",
    ]);
    const velocity = (point: Tensor): Tensor => point.mul(-0.4).add(0.2);
    const input = (student: StepInput["student"]): StepInput => ({
      ...{ student, teacher: velocity, data: normal(key(5), [32, 2]), key: key(6) },
      step: tensor(10_000),
    });
    const asForm = formNetworks.trigFlow((point) => velocity(point), velocity);
    const valuesOf = (one: Recipe, student: StepInput["student"]) =>
      numbers(evaluateTerm(one, 0, input(student))!.values);
    const [converted, direct] = [
      valuesOf(chosen, velocity),
      valuesOf(chosenRecipe(recipes.scmDistillation, { init: "zero" }), (y, tau, end) => asForm(y, tau, end)),
    ];
    expect(Math.max(...converted.map((value, i) => Math.abs(value - direct[i])))).toBeLessThan(1e-12);
    // another σ_d is another loss
    const other = { ...chosen, sigmaData: 1 };
    expect(Math.abs(valuesOf(other, velocity)[0] - converted[0])).toBeGreaterThan(1e-6);
  });

  it("needs a teacher also where its losses need none", async () => {
    const trained = await train(chosenRecipe(recipes.lsd, { init: "teacher" }), problem, settings);
    expect(trained.teacher).toBeDefined();
  });
});

describe("optimiser and averages of a recipe", () => {
  it("frozen: the student stays as it is for so many samples, and moves then", async () => {
    const own = { ...recipes.lsd, frozen: 16 };
    const moved: boolean[] = [];
    let first: number[] = [];
    await train(own, problem, settings, {
      onUpdate: ({ state, recipe: name }) => {
        if (name !== "lsd") return;
        const now = parametersOf(state.params as Tree);
        if (moved.length === 0) first = now;
        moved.push(now.some((value, i) => value !== first[i]));
      },
    });
    expect(moved).toEqual([false, false, true, true]);
  });

  it("emaHalfLife: half of the weight after so many samples; the setting's decay without one", () => {
    const decay = (emaHalfLife: number | null, batch: number): number =>
      averageDecay({ recipe: { ...recipes.sid, emaHalfLife }, settings: { ...parseTrainingSettings({}), batch } });
    expect(decay(1000, 250) ** 4).toBeCloseTo(0.5, 12);
    expect(decay(null, 250)).toBe(parseTrainingSettings({}).ema);
    expect(chosenRecipe(recipes.sid, { preset: "short" }).emaHalfLife).toBeNull();
    expect(chosenRecipe(recipes.sid).emaHalfLife).toBe(500_000);
  });

  it("the preset short keeps usual decays, starts, students, factors and ratios", () => {
    const [short, paper] = (["short", "paper"] as const).map((preset) =>
      chosenRecipe(recipes.diffInstruct, { preset }),
    );
    expect([short.betas, paper.betas]).toEqual([
      [0.9, 0.999],
      [0, 0.999],
    ]);
    const starts = ({ terms, fakeVelocity }: Recipe) =>
      [terms[0].timeLaw, fakeVelocity!.timeLaw].map((law) => "starts" in law && law.starts[0]);
    expect([starts(short), starts(paper)]).toEqual([
      [1 / 3.5, 1 / 3.5],
      [0.5, 0.5],
    ]);
    expect([chosenRecipe(recipes.ctm, { preset: "short" }).init, chosenRecipe(recipes.ctm).init]).toEqual([
      "zero",
      "teacher",
    ]);
    expect(chosenRecipe(recipes.ctm, { preset: "short", init: "teacher" }).init).toBe("teacher");
    const factors = (preset: "short" | "paper") =>
      chosenRecipe(recipes.uniInstruct, { preset }).terms.map(({ weight }) => weight);
    expect([factors("short"), factors("paper")]).toEqual([
      [0.01, 1],
      [1e-4, 1],
    ]);
    const ratioOf = (choices: object) => chosenRecipe(recipes.fDistill, choices).ratio;
    expect([ratioOf({ preset: "short" }), ratioOf({})]).toEqual(["paper", "binned"]);
    expect(ratioOf({ preset: "short", ratio: "binned" })).toBe("binned");
  });

  it("emaSchedule: an adaptive decay needs levels whose number grows", async () => {
    const own = { ...recipes.consistencyDistillation, emaSchedule: "adaptive", init: "zero" } as const;
    await expect(train(own, problem, settings, { teacher: teacher.params })).rejects.toThrow(
      'train: emaSchedule must be constant for consistencyDistillation, whose times are not progressiveKarras, got "adaptive"',
    );
  });
});
