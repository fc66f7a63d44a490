import { describe, expect, it } from "vitest";
import { cosineParts, type ObservedSeed } from "../../src/index.ts";

describe("cosineParts", () => {
  const observed = (seed: number, cosines: readonly (readonly [number[], number[]])[]): ObservedSeed => ({
    seed,
    observations: cosines.map(([written, without], i) => ({
      step: i,
      figures: { trueCosine: { "as trained": written, "without target": without } },
    })),
  });
  const training = {
    name: "meanFlow",
    seeds: [
      observed(0, [
        [
          [0.25, 0.75],
          [1, 0.5],
        ],
        [
          [0, 0],
          [0, 0],
        ],
        [
          [1, 1],
          [-1, 0],
        ],
      ]),
      observed(1, [
        [
          [0.5, 0.5],
          [0.25, 0.25],
        ],
        [
          [0, 0],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 0],
        ],
      ]),
    ],
  };
  const parts = cosineParts(training);

  it("are means over batches and observations, by seed", () => {
    expect(parts.map(({ third, estimator, cosine }) => [third.name, estimator, ...cosine.values])).toEqual([
      ["first", "as trained", 0.5, 0.5],
      ["first", "without target", 0.75, 0.25],
      ["second", "as trained", 0, 0],
      ["second", "without target", 0, 0],
      ["last", "as trained", 1, 0.5],
      ["last", "without target", -0.5, 0],
    ]);
  });

  it("are compared with the gradient as trained, below 0 where they point better", () => {
    expect(parts.map(({ difference }) => difference && [difference.mean, difference.better])).toEqual([
      ...[undefined, [0, 1], undefined, [0, 0], undefined],
      [1, 0], // 1 + 0.5 and 0.5 − 0
    ]);
  });

  it("do not exist where the true error is not known", () => {
    expect(cosineParts({ name: "other", seeds: [{ seed: 0, observations: [{ step: 0, figures: {} }] }] })).toEqual([]);
  });
});
