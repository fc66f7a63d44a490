import { compile, tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  constant,
  cosine,
  inverseSquareRoot,
  linear,
  product,
  type Schedule,
  schedules,
  sequence,
  warmup,
  warmupCosine,
} from "../src/index.ts";
import { expectWithin } from "./support/close.ts";

const examples: Record<keyof typeof schedules, Schedule> = {
  constant: constant(0.3),
  linear: linear({ from: 1, to: 0.2, steps: 8 }),
  cosine: cosine({ peak: 2, final: 0.5, steps: 8 }),
  warmup: warmup({ peak: 2, steps: 4 }),
  warmupCosine: warmupCosine({ peak: 2, final: 0.5, warmup: 4, steps: 12 }),
  inverseSquareRoot: inverseSquareRoot({ peak: 2, steps: 4 }),
  sequence: sequence(
    [
      { schedule: constant(1), steps: 2 },
      { schedule: linear({ from: 0, to: 3, steps: 3 }), steps: 3 },
    ],
    constant(7),
  ),
  product: product(warmup({ peak: 1, steps: 4 }), inverseSquareRoot({ peak: 2, steps: 4 })),
};

const values: Record<keyof typeof schedules, [step: number, value: number][]> = {
  constant: [
    [0, 0.3],
    [100, 0.3],
  ],
  linear: [
    [0, 1],
    [4, 0.6],
    [8, 0.2],
    [100, 0.2],
  ],
  cosine: [
    [0, 2],
    [4, 1.25],
    [8, 0.5],
    [100, 0.5],
    [2, 1.25 + 0.75 * Math.SQRT1_2],
  ],
  warmup: [
    [0, 0.5],
    [1, 1],
    [3, 2],
    [50, 2],
  ],
  warmupCosine: [
    [0, 0.5],
    [3, 2],
    [4, 2],
    [8, 1.25],
    [12, 0.5],
    [99, 0.5],
  ],
  inverseSquareRoot: [
    [0, 2],
    [4, 2],
    [16, 1],
    [64, 0.5],
  ],
  sequence: [
    [0, 1],
    [1, 1],
    [2, 0],
    [3, 1],
    [4, 2],
    [5, 7],
    [6, 7],
  ],
  product: [
    [0, 0.5],
    [3, 2],
    [16, 1],
  ],
};

const names = Object.keys(schedules) as (keyof typeof schedules)[];

describe("schedules", () => {
  it.each(names)("%s has its values at known steps", (name) => {
    for (const [step, value] of values[name]) expectWithin(examples[name](step), [value], 1e-15);
  });

  it.each(names)("%s takes a step tensor of any numeric dtype", (name) => {
    for (const [step, value] of values[name]) {
      expectWithin(examples[name](tensor(step)), [value], 1e-15);
      expectWithin(examples[name](tensor(step, { dtype: "int32" })), [value], 1e-15);
      expectWithin(examples[name](tensor(step, { dtype: "float32" })), [value], 1e-6);
    }
  });

  it.each(names)("%s compiles to the same bits, one program for all steps", (name) => {
    const compiled = compile(examples[name]);
    for (const [step] of values[name]) expectSameBits(compiled(tensor(step)), examples[name](tensor(step)));
  });

  it("refuse lengths that are not positive", () => {
    expect(() => cosine({ peak: 1, steps: 0 })).toThrow("cosine: steps must be positive, got 0");
    expect(() => warmupCosine({ peak: 1, warmup: 5, steps: 5 })).toThrow("cosine: steps must be positive, got 0");
    expect(() => sequence([{ schedule: constant(1), steps: -1 }], constant(2))).toThrow(
      "steps must be positive, got -1",
    );
  });
});
