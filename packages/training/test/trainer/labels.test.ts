import { recipes, teacherRecipe } from "@pushforward/losses";
import { add, foldIn, full, key, mul, normal, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { chosenRecipe, samplerOf, train } from "../../src/index.ts";
import type { AppliedNetwork } from "../../src/trainer/appliedNetwork.ts";
import { drawScales, guidanceWeights } from "../../src/trainer/guidance.ts";
import { dropLabels, usualLabels, withLabels } from "../../src/trainer/labels.ts";
import { inputOfRows, recipeLoss } from "../../src/trainer/recipeLoss.ts";
import type { StepInput } from "../../src/trainer/stepInput.ts";
import { labelledProblem, onTheRight } from "../support/labelledProblem.ts";

const problem = labelledProblem();
const small = { batch: 32, width: 16, depth: 2, teacherSteps: 20, seed: 3 } as const;
const labels = (place: number, n = 200): Tensor => full([n], place, { dtype: "int32" });
const noise = normal(key(5), [200, 2], { dtype: "float32" });

/** Adds its labels to its points, so that values tell which labels came. */
const telling: AppliedNetwork = (x, ...rest) => add(x, (rest.at(-1) as Tensor).reshape([-1, 1]).cast(x.dtype));
const given = tensor([0, 1, 0, 1, 1, 0, 0, 1], { dtype: "int32" });
const input: StepInput = {
  ...{ student: telling, teacher: telling, target: telling, fakeVelocity: telling },
  data: normal(key(1), [8, 2]),
  key: key(2),
  labels: { given, classes: 2 },
};
const whole = { scale: 3, mix: 0.25, from: 0, to: 1 } as const;

describe("a training on points with labels", () => {
  it("learns a map for each class, and one for samples without a class", async () => {
    const trained = await train(recipes.meanFlow, problem, {
      ...small,
      batch: 128,
      width: 32,
      steps: 500,
      teacherSteps: 300,
    });
    const at = (place: number) => samplerOf(trained.recipe, withLabels(trained.network, labels(place)))(noise, 1);
    const [left, right, none] = [0, 1, 2].map((place) => onTheRight(at(place)));
    expect(left).toBeLessThan(0.1);
    expect(right).toBeGreaterThan(0.9);
    expect(none).toBeGreaterThan(0.15);
    expect(none).toBeLessThan(0.6);
    // Without given labels samples have the classes of the held-out points in turn.
    const usual = usualLabels(problem.classes!, 200);
    expect(trained.sample(noise, 1).dataSync()).toEqual(
      samplerOf(trained.recipe, withLabels(trained.network, usual))(noise, 1).dataSync(),
    );
  });

  it.each(Object.values(recipes))("takes finite updates by $name, which depend on the labels", async (recipe) => {
    const settings = {
      ...small,
      batch: 16,
      group: 4,
      width: 8,
      steps: Math.max(4, 2 * recipe.stages),
      teacherSteps: 2,
    };
    const teacher = await teacherOf(problem);
    const lossesOn = async (one: typeof problem): Promise<readonly number[]> =>
      (await train(recipe, one, settings, { teacher: teacher.params })).losses;
    const own = await lossesOn(problem);
    expect(own.every(Number.isFinite)).toBe(true);
    // control: other labels for the same rows give other updates
    const { classes } = problem;
    const swapped = {
      ...problem,
      classes: {
        ...classes!,
        sample: (...args: Parameters<NonNullable<typeof classes>["sample"]>) => {
          const drawn = classes!.sample(...args);
          return { ...drawn, labels: drawn.labels.mul(-1).add(1) };
        },
      },
    };
    expect(await lossesOn(swapped)).not.toEqual(own);
  });
});

let learnt: ReturnType<typeof train> | undefined;
const teacherOf = (one: typeof problem) => (learnt ??= train(teacherRecipe, one, { ...small, steps: 20, width: 8 }));

describe("the input of the rows of a term", () => {
  it("has the labels of these rows in every network, and no class without a condition", () => {
    const rows = inputOfRows({ guidance: null }, input, [2, 5]);
    const x = mul(0, rows.data);
    const want = [0, 0, 1, 1, 1, 1];
    for (const name of ["student", "teacher", "target", "fakeVelocity"] as const)
      expect([...(rows[name] as AppliedNetwork)(x, tensor(0)).dataSync()]).toEqual(want);
    expect([...rows.unconditional!(x, tensor(0)).dataSync()]).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it("guides the teacher within the interval of times", () => {
    const x = mul(0, input.data);
    const at = (guidance: typeof whole, t: Tensor) =>
      inputOfRows({ guidance }, input, [0, 8]).teacher!(x, t).dataSync();
    const times = tensor([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9]).reshape([8, 1]);
    const plain = [0, 1, 0, 1, 1, 0, 0, 1].flatMap((label) => [label, label]);
    const guided = plain.map((label) => 2 + 3 * (label - 2));
    expect([...at(whole, times)]).toEqual(guided);
    const late = at({ ...whole, from: 0.35, to: 0.75 } as unknown as typeof whole, times);
    expect([...late]).toEqual(plain.map((label, i) => (i >= 6 && i < 12 ? guided[i] : label)));
  });

  it("leaves a step without labels as it is", () => {
    const { labels: _, ...unlabelled } = input;
    const rows = inputOfRows({ guidance: whole }, unlabelled, [2, 5]);
    expect(rows.student).toBe(telling);
    expect(rows.teacher).toBe(telling);
    expect(rows.unconditional).toBeUndefined();
  });
});

describe("guidance", () => {
  it("has the weights ω and κ with ω/(1 − κ) the scale, and 1 and 0 outside of its times", () => {
    expect(guidanceWeights(whole, tensor([0.5]))).toEqual({ omega: 2.25, kappa: 0.25 });
    const { omega, kappa } = guidanceWeights({ ...whole, from: 0.4 }, tensor([0.3, 0.5]));
    expect([...(omega as Tensor).dataSync(), ...(kappa as Tensor).dataSync()]).toEqual([1, 2.25, 0, 0.25]);
  });

  it("of the recipe enters the loss of a guided student", () => {
    const student: AppliedNetwork = (x, s, t, ...rest) =>
      telling(x, ...rest)
        .mul(add(s, t))
        .tanh();
    const of = (choices: object) =>
      recipeLoss(chosenRecipe(recipes.meanFlowGuided, choices))({ ...input, student }).item();
    expect(of({})).toBe(of({ guidance: 2, guidanceMix: 0.5 }));
    expect(of({})).not.toBe(of({ guidance: 1.5 }));
    expect(of({ guidance: 1, guidanceMix: 0 })).toBe(of({ guidanceFrom: 1, guidanceTo: 0 }));
    expect(of({ guidance: 1, guidanceMix: 0 })).toBeCloseTo(
      recipeLoss(chosenRecipe({ ...recipes.meanFlowGuided, terms: recipes.meanFlow.terms }))({
        ...input,
        student,
      }).item(),
      12,
    );
  });
});

describe("dropped labels", () => {
  it("are as many as asked for, by the key, and become no class", () => {
    const all = { given: labels(1, 10_000), classes: 2 };
    const after = (probability: number, k: Tensor) => dropLabels(all, probability, k).given.dataSync();
    const dropped = after(0.1, foldIn(key(1), 2));
    const count = dropped.filter((label) => label === 2).length;
    expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(dropped.filter((label) => label === 1).length).toBe(10_000 - count);
    expect(after(0.1, foldIn(key(1), 2))).toEqual(dropped);
    expect(after(0.1, foldIn(key(1), 3))).not.toEqual(dropped);
    expect(dropLabels(all, 0, key(1))).toBe(all);
    expect(after(1, key(1)).every((label) => label === 2)).toBe(true);
  });
});

describe("scales of guidance that networks take", () => {
  const settings = { ...small, steps: 4, batch: 16, width: 8, guidanceMax: 8, teacherSteps: 2 };

  it("are chosen when sampling: a larger scale moves a class away from the others", async () => {
    const trained = await train(recipes.meanFlowGuided, problem, {
      ...{ ...settings, batch: 128, width: 32, steps: 600, teacherSteps: 300 },
      guidance: 2,
    });
    const at = (scale?: number): Tensor =>
      samplerOf(trained.recipe, withLabels(trained.network, labels(1), scale))(noise, 1);
    const [one, three, seven] = [1, 3, 7].map((scale) => at(scale).slice([0, 200], 0).mean().item());
    expect(one).toBeLessThan(three - 0.1);
    expect(three).toBeLessThan(seven - 0.1);
    // Without a scale it is that of the recipe.
    expect(at().dataSync()).toEqual(at(2).dataSync());
    expect(() => at(9)).toThrow("meanFlowGuided: a scale of guidance must be from 1 to 8, as it was trained, got 9");
    expect(() => at(0.5)).toThrow("must be from 1 to 8");
  });

  it.each(["meanFlowGuided", "ayfLmd", "dmd", "dmd2", "ctm", "progressiveDistillation"] as const)(
    "enter trainings of %s",
    async (name) => {
      const teacher = await teacherOf(problem);
      const recipe = recipes[name];
      const steps = Math.max(4, 2 * recipe.stages);
      const lossesAt = async (more: object): Promise<readonly number[]> =>
        (await train(recipe, problem, { ...settings, steps, ...more }, { teacher: teacher.params })).losses;
      const own = await lossesAt({});
      expect(own.every(Number.isFinite)).toBe(true);
      expect(await lossesAt({ guidanceMax: 3 })).not.toEqual(own);
      expect(await lossesAt({ guidancePower: 2 })).not.toEqual(own);
    },
  );

  it("are drawn from 1 up, with a density that falls as the power of the scale", () => {
    for (const power of [0, 1, 2, 3]) {
      const drawn = [...drawScales(8, power, key(3), 20_000, "float64").dataSync()].sort((a, b) => a - b);
      const integral = (x: number): number => (power === 1 ? Math.log(x) : (x ** (1 - power) - 1) / (1 - power));
      const gapTo = (law: (x: number) => number): number =>
        Math.max(...drawn.map((x, i) => Math.abs(law(x) - (i + 0.5) / drawn.length)));
      expect(gapTo((x) => integral(x) / integral(8))).toBeLessThan(0.015);
      // Control: uniform scales are a law of another power.
      if (power > 0) expect(gapTo((x) => (x - 1) / 7)).toBeGreaterThan(0.1);
      expect([drawn[0] >= 1, (drawn.at(-1) as number) <= 8]).toEqual([true, true]);
    }
  });

  it("weigh the velocity without a class as improved MeanFlow does, within the interval of times", () => {
    const scales = tensor([[1], [2], [8]]);
    const times = tensor([[0.5], [0.5], [0.5]]);
    const { omega, kappa } = guidanceWeights(whole, times, scales);
    expect([omega, ...(kappa as Tensor).dataSync()]).toEqual([1, 0, 0.5, 0.875]);
    const late = guidanceWeights({ ...whole, from: 0.4 }, tensor([[0.3], [0.5], [0.3]]), scales);
    expect([...(late.kappa as Tensor).dataSync()]).toEqual([0, 0.5, 0]);
  });

  it("reach every learnt network with its labels, 1 those without a class, and guide the teacher by rows", () => {
    /** The label and a tenth of the scale, if one came. */
    const both: AppliedNetwork = (x, ...rest) => {
      const scale = (rest.at(-1) as Tensor).rank === 2 ? (rest.at(-1) as Tensor) : undefined;
      const label = (rest.at(scale ? -2 : -1) as Tensor).reshape([-1, 1]).cast(x.dtype);
      return add(mul(0, x), add(label, scale ? mul(0.1, scale) : 0));
    };
    const scales = tensor([2, 3, 4, 5, 6, 7, 8, 1]).reshape([8, 1]);
    const all = { ...input, student: both, teacher: both, fakeVelocity: both, labels: { given, classes: 2, scales } };
    const rows = inputOfRows({ guidance: { ...whole, max: 8 } }, all, [2, 5]);
    const firstOf = (network?: AppliedNetwork): number[] => {
      const values = network?.(rows.data, tensor(0)) as Tensor;
      return [...values.slice([0, 3], 0).dataSync()].map((value) => Number(value.toFixed(12)));
    };
    expect(firstOf(rows.student)).toEqual([0.4, 1.5, 1.6]);
    expect(firstOf(rows.fakeVelocity)).toEqual([0.4, 1.5, 1.6]);
    expect(firstOf(rows.unconditional)).toEqual([2.1, 2.1, 2.1]);
    // 2 + ω·(label − 2)
    expect(firstOf(rows.teacher)).toEqual([-6, -3, -4]);
  });

  it("are 1 for samples without a class", () => {
    const all = { given: labels(1, 50), classes: 2, scales: full([50, 1], 5) };
    const after = dropLabels(all, 0.5, key(1));
    const isDropped = [...after.given.dataSync()].map((label) => label === 2);
    expect([...after.scales!.dataSync()]).toEqual(isDropped.map((dropped) => (dropped ? 1 : 5)));
    expect(new Set(isDropped).size).toBe(2);
  });

  it("must hold the scale of the recipe", async () => {
    await expect(train(recipes.meanFlowGuided, problem, { ...settings, guidance: 9 })).rejects.toThrow(
      "train: guidance of meanFlowGuided must be from 1 to 8, the largest scale that networks take (guidanceMax), got 9",
    );
  });

  it("are refused by networks that do not take them", async () => {
    const trained = await train(recipes.meanFlow, problem, {
      ...small,
      steps: 2,
      teacherSteps: 2,
      velocity: "conditional",
    });
    expect(() => withLabels(trained.network, labels(1), 2)(noise, 0, 1)).toThrow("needs an input for it");
  });
});
