import { grad } from "@pushforward/autodiff";
import { type LossName, losses, type Recipe, recipes } from "@pushforward/losses";
import { key, mean, normal, sqrt, type Tensor, type TensorLike, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { chosenRecipe, type RecipeChoices } from "../../src/settings/recipeChoices.ts";
import type { AppliedNetwork } from "../../src/trainer/appliedNetwork.ts";
import { evaluateTerm, recipeLoss, recipeParts } from "../../src/trainer/recipeLoss.ts";
import { endsAtData, learnsDiagonal, learnsWeights, needsTeacher, stopLabels } from "../../src/trainer/recipeTraits.ts";
import type { StepInput } from "../../src/trainer/stepInput.ts";

const student: AppliedNetwork = (x: Tensor, s: TensorLike, t: TensorLike) => x.mul(0.3).add(s).sub(t).tanh();
const other: AppliedNetwork = (x: Tensor, s: TensorLike, t: TensorLike) => x.mul(-0.2).add(s).add(t).tanh();
const teacher: AppliedNetwork = (x: Tensor, t: TensorLike) => x.mul(-0.5).add(t);
const input: StepInput = {
  ...{ student, teacher, target: other, previous: other },
  data: normal(key(1), [64, 2]).add(1),
  key: key(2),
};

const valueOf = (name: LossName, choices: RecipeChoices = {}, more: Partial<StepInput> = {}): number =>
  recipeLoss(chosenRecipe(recipes[name], choices))({ ...input, ...more }).item();

describe("the loss of a recipe", () => {
  it("learn from the solver first and then from the stage before, on coarser grids", () => {
    for (const name of ["progressiveDistillation", "progressiveFlowMapMatching"] as const) {
      const at = (stage: number, previous: AppliedNetwork) => valueOf(name, {}, { stage: tensor(stage), previous });
      expect(recipes[name].stages).toBeGreaterThan(1);
      expect(at(0, other)).toBe(at(0, student));
      expect(at(1, other)).not.toBe(at(1, student));
    }
  });

  it("warm up with the step, over as many as are asked for, and no further than the recipe says", () => {
    const at = (step: number, choices: RecipeChoices = {}) => valueOf("ayfEmd", choices, { step: tensor(step) });
    expect(at(0)).not.toBe(at(5000));
    expect(at(10_000)).toBe(at(20_000));
    expect(at(50, { warmupSteps: 100 })).toBe(at(5000));
  });

  it("leave out terms that count after the warm-up until it is over", () => {
    const fakeVelocity: AppliedNetwork = (x, t) => teacher(x, t).add(1);
    const at = (step: number, fraction = 0.5): number => {
      const [matching, consistency] = recipes.rcm.terms;
      const terms = [{ ...matching, fraction: 0.5, weight: fraction === 0 ? 0 : 2 }, consistency];
      return recipeLoss({ ...recipes.rcm, warmup: { steps: 10, max: 1 }, terms })({
        ...{ ...input, fakeVelocity, step: tensor(step) },
      }).item();
    };
    expect([0, 9].map((step) => at(step))).toEqual([0, 9].map((step) => at(step, 0)));
    expect(at(10)).toBeGreaterThan(at(10, 0));
  });

  it("weight samples by the learned weight, unless it is off", () => {
    const omega = (s: Tensor): Tensor => s.mul(0).add(Math.log(2)).reshape([-1]);
    const at = (choices: RecipeChoices) => valueOf("scmDistillation", choices, { omega, step: tensor(1) });
    expect(at({})).toBeCloseTo(0.5 * at({ learnedWeights: "off" }) + Math.log(2), 10);
    expect(learnsWeights(recipes.scmDistillation)).toBe(true);
    expect(learnsWeights(chosenRecipe(recipes.scmDistillation, { learnedWeights: "off" }))).toBe(false);
  });

  it("take noise with where the teacher carries it, and then the velocity of that pair", () => {
    const [apart, rectified] = [undefined, "rectified" as const].map((pairs) => valueOf("flowMatching", { pairs }));
    expect(apart).not.toBe(rectified);
    const straightened = chosenRecipe(recipes.flowMatching, { pairs: "rectified" });
    expect([straightened, recipes.flowMatching].map(needsTeacher)).toEqual([true, false]);
    // whatever the data are, rectified pairs do not look at them
    const moved = { data: input.data.mul(3) };
    expect(valueOf("flowMatching", { pairs: "rectified" }, moved)).toBe(rectified);
    expect(valueOf("flowMatching", { pairs: "rectified", velocity: "teacher" })).toBe(rectified);
  });

  it("let the network stand for what a loss or a choice says", () => {
    const formOf = (name: LossName, choices: RecipeChoices = {}) => chosenRecipe(recipes[name], choices).form;
    expect(formOf("meanFlow")).toBe("firstOrder");
    expect(formOf("meanFlow", { form: "ctm" })).toBe("ctm");
    expect(formOf("scmTraining", { form: "ctm" })).toBe("trigFlow");
    expect(formOf("secondOrder")).toBe("secondOrder");
    expect(needsTeacher(chosenRecipe(recipes.lsd, { form: "secondOrder" }))).toBe(true);
    expect(valueOf("meanFlow", { form: "ctm" })).not.toBe(valueOf("meanFlow"));
    expect(valueOf("meanFlow", { form: "pmf" })).not.toBe(valueOf("meanFlow"));
  });

  describe("that scales its terms to the errors of the last one", () => {
    const bend = (x: Tensor): Tensor => x.sin().add(1);
    /** ψ that misses the teacher by a multiple of a field, and a student that is shifted. */
    const at = (size: number, balance: Recipe["balance"], more: Partial<StepInput> = {}) => {
      const fakeVelocity: AppliedNetwork = (x, t) => teacher(x, t).add(bend(x).mul(size));
      return (shift: Tensor): Tensor =>
        recipeLoss({ ...recipes.freeFlow, balance })({
          ...{ ...input, fakeVelocity, ...more },
          student: (x, s, t) => student(x, s, t).add(shift),
        });
    };
    const slope = (size: number, balance: Recipe["balance"]): number =>
      (grad(at(size, balance))(tensor(0.1)) as Tensor).item();

    it("has the same gradient whatever the size of the errors of the other term", () => {
      expect(Math.abs(slope(5, "errorLength") / slope(0.5, "errorLength") - 1)).toBeLessThan(1e-5);
      expect(Math.abs(slope(5, "none") / slope(0.5, "none") - 1)).toBeGreaterThan(0.1);
      expect(slope(0, "errorLength")).toBe(slope(0, "none"));
    });

    it("is the sum of both terms, the first one over its mean error and times that of the last one", () => {
      const fakeVelocity: AppliedNetwork = (x, t) => teacher(x, t).add(bend(x));
      const [correction, prediction] = [0, 1].map(
        (i) => evaluateTerm(recipes.freeFlow, i, { ...input, fakeVelocity })!.values,
      );
      const length = (values: Tensor): Tensor => mean(sqrt(values));
      const weighted = prediction.div(prediction.add(0.01));
      const lambda = length(prediction).div(length(correction).add(1e-6));
      const want = mean(weighted).mul(0.75).add(mean(correction).mul(lambda).mul(0.25));
      expect(recipeLoss(recipes.freeFlow)({ ...input, fakeVelocity }).item()).toBeCloseTo(want.item(), 12);
      expect(recipeLoss({ ...recipes.freeFlow, balance: "none" })({ ...input, fakeVelocity }).item()).not.toBeCloseTo(
        want.item(),
        3,
      );
    });

    it("does not look at the data in FreeFlow", () => {
      const data = input.data.mul(3).sub(1);
      expect(at(1, "errorLength", { data })(tensor(0)).item()).toBe(at(1, "errorLength")(tensor(0)).item());
      expect(valueOf("ayfLmd", {}, { data })).not.toBe(valueOf("ayfLmd"));
    });
  });

  it("know the labels of their stop-gradients, and what only goes to the data", () => {
    for (const [name, recipe] of Object.entries(recipes)) {
      expect(stopLabels(recipe)).toEqual(expect.arrayContaining([...losses[name as LossName].stops]));
    }
    const toData = (name: LossName) => endsAtData(recipes[name]);
    expect([toData("continuousConsistency"), toData("scmTraining"), toData("meanFlow")]).toEqual([true, true, false]);
    expect(learnsDiagonal(recipes.denoising)).toBe(true);
    expect(recipeParts(recipes.ctm)).toHaveLength(2);
  });
});
