import { type LossName, losses, recipes } from "@pushforward/losses";
import { key, normal, type Tensor, type TensorLike, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { chosenRecipe, type RecipeChoices } from "../../src/settings/recipeChoices.ts";
import type { AppliedNetwork } from "../../src/trainer/appliedNetwork.ts";
import { recipeLoss, recipeParts } from "../../src/trainer/recipeLoss.ts";
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
