import { losses, recipe, recipes, rowsOfTerms, term } from "@pushforward/losses";
import { key, normal, type Tensor, type TensorLike } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { groupedLoss } from "../../../losses/test/support/groupedLoss.ts";
import {
  builtinProblems,
  chosenRecipe,
  formatRecipe,
  makeTrainer,
  parseRecipe,
  parseTrainingSettings,
  train,
} from "../../src/index.ts";
import { batchRows } from "../../src/observatory/batches.ts";
import { drawTerm } from "../../src/trainer/recipeLoss.ts";

const grouped = recipe({
  terms: [term({ loss: losses.flowMatching, fraction: 0.5 }), term({ loss: groupedLoss, fraction: 0.5 })],
});
const tiny = { steps: 4, batch: 12, width: 4, depth: 1 } as const;
const problem = builtinProblems.gaussian();
const student = (x: Tensor, s: TensorLike, t: TensorLike): Tensor => x.mul(0.3).add(s).sub(t);

describe("a training with a loss that compares samples", () => {
  it("draws times for each group, and starts all its samples there", () => {
    const input = { student, teacher: student, data: normal(key(1), [12, 2]), key: key(2) };
    const { times, xs, noise, data } = drawTerm(grouped, 1, input)!;
    const s = [...times.s.dataSync()];
    expect(s.slice(0, 3)).toEqual([s[0], s[0], s[0]]);
    expect(new Set(s).size).toBe(2);
    expect(xs.toArray()).toEqual(times.s.mul(data).add(times.s.mul(-1).add(1).mul(noise)).toArray());
    expect(new Set(drawTerm(grouped, 0, input)!.times.s.dataSync()).size).toBe(6);
  });

  it("learns with the group of its term, to other bits with another group", async () => {
    const lossesOf = async (group: number): Promise<readonly number[]> =>
      (await train(chosenRecipe(grouped, { group }), problem, tiny)).losses;
    const found = await lossesOf(3);
    expect(found.every(Number.isFinite)).toBe(true);
    expect(await lossesOf(2)).not.toEqual(found);
    expect((await train(grouped, problem, tiny)).losses).toEqual(found);
  });

  it("refuses a batch that is not one of whole groups before it begins", async () => {
    await expect(train(grouped, problem, { ...tiny, batch: 16 })).rejects.toThrow(
      "train: meansOfGroups compares samples in groups of 3, and its batch must give every term whole groups, got 16; choose another batch or group",
    );
    await expect(train(chosenRecipe(grouped, { group: 4 }), problem, { ...tiny, batch: 16 })).resolves.toBeDefined();
  });

  it("is observed with batches of whole groups", () => {
    const rowsAt = (group: number, batch: number): number => {
      const chosen = chosenRecipe(grouped, { group });
      const trainer = makeTrainer(chosen, problem, parseTrainingSettings({ ...tiny, batch }));
      const rows = batchRows(trainer);
      expect(() => rowsOfTerms(chosen.terms, rows)).not.toThrow();
      return rows;
    };
    expect([rowsAt(3, 96), rowsAt(24, 96), rowsAt(48, 96), rowsAt(3, 12), rowsAt(2, 96)]).toEqual([36, 48, 96, 12, 32]);
  });
});

describe("the setting of the group", () => {
  it("changes terms whose losses compare samples alone", () => {
    expect(chosenRecipe(grouped, { group: 4 }).terms.map(({ group }) => group)).toEqual([1, 4]);
    expect(chosenRecipe(recipes.meanFlow, { group: 4 }).terms.map(({ group }) => group)).toEqual([1]);
  });

  it("is read from a recipe's file, where it is a number of samples", () => {
    const table = { ...losses, meansOfGroups: groupedLoss };
    const written = JSON.parse(JSON.stringify(formatRecipe(chosenRecipe(grouped, { group: 4 }))));
    expect(parseRecipe(written, table).terms.map(({ group }) => group)).toEqual([1, 4]);
    const [first, second] = written.terms;
    const wrong = (group: unknown) => () => parseRecipe({ ...written, terms: [first, { ...second, group }] }, table);
    expect(wrong(0)).toThrow(/terms\[1\].group must be a whole number/);
    expect(() => parseRecipe({ ...written, terms: [{ ...first, group: 2 }, second] }, table)).toThrow(
      "recipe: terms[0].group must be 1, since flowMatching compares no samples with each other, got 2",
    );
  });
});
