import { DomainError, key, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { Judge, tableProblem } from "../../src/index.ts";

const rows = Array.from({ length: 20 }, (_, i) => [i, i * i]);
const table = { values: tensor(rows), names: ["x", "y"] };
const split = { heldOut: 0.2, seed: 0 };

describe("a table as a problem", () => {
  it("holds rows out, standardises by the others, and gives the units of the table back", () => {
    const problem = tableProblem("squares", table, split);
    expect(problem).toMatchObject({ name: "squares", dim: 2, columns: ["x", "y"] });
    expect([problem.training.values.length, problem.heldOut.values.length]).toEqual([32, 8]);
    const drawn = problem.toOriginal(problem.sample(key(1), 50, "float64")).dataSync();
    for (let i = 0; i < drawn.length; i += 2) expect(drawn[i + 1]).toBeCloseTo(drawn[i] ** 2, 8);
  });

  it("names the table where rows are too few or numbers too large", () => {
    const few = { ...table, values: tensor(rows.slice(0, 3)) };
    expect(() => tableProblem("few", few, split)).toThrow(
      new DomainError("data: few must have at least 2 rows to train on and 2 to judge by, got 3"),
    );
    const far = { ...table, values: tensor(rows.map(([x, y]) => [x, y * 1e305])) };
    expect(() => tableProblem("far", far, split, "./far.csv")).toThrow(
      'data: ./far.csv, column "y": numbers must be small',
    );
  });
});

describe("one score", () => {
  it("is that of all scores", () => {
    const judge = new Judge(tableProblem("squares", table, split), "float64");
    const sampler = (noise: ReturnType<Judge["noise"]>) => noise;
    const all = judge.scores(sampler);
    expect(all.slicedWasserstein).toBeGreaterThan(0);
    expect(judge.score("slicedWasserstein", sampler)).toBe(all.slicedWasserstein);
    expect(judge.score("oneStepError", sampler)).toBeUndefined(); // the exact map is unknown
  });
});
