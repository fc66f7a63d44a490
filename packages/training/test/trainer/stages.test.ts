import { recipes } from "@pushforward/losses";
import { tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { builtinProblems } from "../../src/problems/builtin.ts";
import { chosenRecipe } from "../../src/settings/recipeChoices.ts";
import { parseTrainingSettings } from "../../src/settings/trainingSettings.ts";
import { previousOf, stageLength, stageOf, stepInStage } from "../../src/trainer/stages.ts";
import { makeTrainer } from "../../src/trainer/trainer.ts";

const at = (step: number) => tensor(step, { dtype: "float32" });
const params = (value: number) => ({ layers: [{ weight: tensor([[value]]), bias: tensor([value]) }] });

describe("stages of a training", () => {
  it("are of equal length, and the last may be shorter", () => {
    const length = stageLength(2000, 3);
    const stages = Array.from({ length: 2000 }, (_, step) => stageOf(at(step), length, 3).item());
    expect([0, 1, 2].map((stage) => stages.filter((each) => each === stage).length)).toEqual([667, 667, 666]);
    expect(stages).toEqual([...stages].sort());
    expect([0, 666, 667, 1999].map((step) => stepInStage(at(step), length, 3).item())).toEqual([0, 666, 0, 665]);
  });

  it("hand the student on when one begins, and keep it until the next", () => {
    const handed = (step: number): number =>
      previousOf(params(1), params(2), at(step), 10).layers[0].weight.dataSync()[0];
    expect([1, 9, 10, 11, 19, 20].map(handed)).toEqual([1, 1, 2, 1, 1, 2]);
  });

  it("are one where nothing else is asked for", () => {
    expect(stageLength(7, 1)).toBe(7);
    expect([0, 6].map((step) => stageOf(at(step), 7, 1).item())).toEqual([0, 0]);
    expect(stepInStage(at(6), 7, 1).item()).toBe(6);
  });

  it("need more steps than there are stages", () => {
    const make = (steps: number) => {
      const settings = parseTrainingSettings({ steps, width: 4, batch: 4 });
      return makeTrainer(chosenRecipe(recipes.progressiveDistillation, settings), builtinProblems.gaussian(), settings);
    };
    expect(() => make(5)).toThrow(
      "train: progressiveDistillation trains in 5 stages and must have at least 6 steps, got 5; raise steps",
    );
    expect(() => make(6)).not.toThrow();
  });
});
