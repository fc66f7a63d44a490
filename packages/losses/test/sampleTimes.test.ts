import { vmap } from "@pushforward/autodiff";
import { compile, key, keys, split, type Tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { karrasTimes, pairLaws, sampleTimes, type TimeLaw } from "../src/index.ts";
import { count, draw, examples, laws, mean, numbers } from "./support/drawnTimes.ts";

describe.each(laws)("$kind", (law) => {
  it("draws columns within [0, 1], in order unless it is the square", () => {
    const { s, t } = draw(law);
    expect(sampleTimes(key(1), 3, law).s.shape).toEqual([3, 1]);
    expect(sampleTimes(key(1), 3, law).t.shape).toEqual([3, 1]);
    expect(s.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(t.every((value) => value >= 0 && value <= 1)).toBe(true);
    const share = mean(s.map((value, i) => Number(value <= t[i])));
    if (law.kind === "square") expect(Math.abs(share - 0.5)).toBeLessThan(0.03);
    else expect(share).toBe(1);
  });

  it("gives the same bits for the same key, others for another, and compiles to the bits of eager mode", () => {
    const at = (k: Tensor) => sampleTimes(k, 16, law, { dtype: "float32" });
    expectSameBits(at(key(3)), at(key(3)));
    expect(at(key(3)).s.dtype).toBe("float32");
    expect(numbers(at(key(4)).s)).not.toEqual(numbers(at(key(3)).s));
    expectSameBits(compile(at)(key(3)), at(key(3)));
  });

  it("keeps a margin from both ends when asked", () => {
    const { s, t } = draw({ ...law, margin: 0.01 });
    expect(Math.min(...s, ...t)).toBeGreaterThanOrEqual(0.01);
    expect(Math.max(...s, ...t)).toBeLessThanOrEqual(0.99 + 1e-15);
  });

  it("survives JSON", () => {
    expectSameBits(sampleTimes(key(5), 8, JSON.parse(JSON.stringify(law)) as TimeLaw), sampleTimes(key(5), 8, law));
  });
});

describe("the laws have their shapes", () => {
  it("uniformTriangle: means 1/3 and 2/3", () => {
    const { s, t } = draw(examples.uniformTriangle);
    expect(mean(s)).toBeCloseTo(1 / 3, 1);
    expect(mean(t)).toBeCloseTo(2 / 3, 1);
  });

  it("logitNormalPair: the logits of all times have the mean and the deviation asked for", () => {
    const { s, t } = draw(examples.logitNormalPair);
    const logits = [...s, ...t].map((value) => Math.log(value / (1 - value)));
    expect(Math.abs(mean(logits) - 0.4)).toBeLessThan(0.05);
    expect(Math.abs(mean(logits.map((value) => (value - 0.4) ** 2)) - 1)).toBeLessThan(0.08);
  });

  it("intervalLogitNormal: the logits of t − s have the mean asked for, and s is uniform where it fits", () => {
    const { s, t } = draw(examples.intervalLogitNormal);
    const lengths = t.map((value, i) => value - s[i]);
    expect(Math.abs(mean(lengths.map((d) => Math.log(d / (1 - d)))) + 0.8)).toBeLessThan(0.06);
    expect(Math.abs(mean(s.map((value, i) => value / (1 - lengths[i]))) - 0.5)).toBeLessThan(0.02);
  });

  it("diagonal: t is s", () => {
    const { s, t } = draw(examples.diagonal);
    expect(t).toEqual(s);
  });

  it("diagonalMix: exactly the first part of the batch has t = s", () => {
    const { s, t } = draw(examples.diagonalMix, 1, 100);
    expect(s.map((value, i) => value === t[i])).toEqual(Array.from({ length: 100 }, (_, i) => i < 75));
  });

  it.each([
    [0.75, 1],
    [0.75, 2],
    [0.75, 3],
    [0.5, 1],
    [0.1, 4],
    [0.9, 7],
    [1 / 3, 100],
    [0.57, 100],
    [0, 1],
    [1, 1],
  ])("diagonalMix: a fraction of %d has its expected number of rows in batches of %d", (fraction, batch) => {
    const draws = 2000;
    const law = { ...examples.diagonalMix, fraction } as TimeLaw;
    const counts = Array.from({ length: draws }, (_, seed) => {
      const { s, t } = draw(law, seed, batch);
      const onDiagonal = s.map((value, i) => value === t[i]);
      // the first rows, and nothing between
      expect(onDiagonal).toEqual([...onDiagonal].sort((a, b) => Number(b) - Number(a)));
      return onDiagonal.filter(Boolean).length;
    });
    const wanted = fraction * batch;
    const part = wanted - Math.floor(wanted);
    // four standard deviations of a mean of numbers that are rounded up or down at random
    expect(Math.abs(mean(counts) - wanted)).toBeLessThanOrEqual(4 * Math.sqrt((part * (1 - part)) / draws) + 1e-9);
    expect(counts.every((count) => Math.abs(count - wanted) < 1)).toBe(true);
  });

  it("diagonalMix of a diagonalMix: the inner fraction applies to the rows that the outer law leaves", () => {
    const nested = (fraction: number, law: TimeLaw): TimeLaw => ({ kind: "diagonalMix", fraction, law }) as TimeLaw;
    const onDiagonal = (law: TimeLaw): number => {
      const { s, t } = draw(law, 1, 100);
      return s.filter((value, i) => value === t[i]).length;
    };
    const square = examples.square as TimeLaw;
    expect(onDiagonal(nested(0.5, nested(0.5, square)))).toBe(75);
    expect(onDiagonal(nested(0.2, nested(0.5, nested(0.5, square))))).toBe(80);
    expect(onDiagonal(nested(0, nested(1, square)))).toBe(100);
    expect(() => draw(nested(0.5, nested(2, square)))).toThrow("fraction of diagonalMix must be in [0, 1], got 2");
  });

  it("diagonalMix: keeps the step of its law", () => {
    const { delta } = draw({ kind: "diagonalMix", fraction: 0.5, law: { kind: "grid", steps: 4 } }, 1, 8);
    expect(delta).toEqual(new Array(8).fill(0.25));
  });

  it("diagonalMix: rounding is drawn from the key, also compiled and batched", () => {
    const law = examples.diagonalMix as TimeLaw;
    const isOff = (k: Tensor): Tensor => {
      const { s, t } = sampleTimes(k, 1, law, { dtype: "float32" });
      return s.equal(t).not();
    };
    const many = split(key(5), 200);
    const share = (f: (k: Tensor) => Tensor): number[] => keys(key(5), 200).map((k) => f(k).item());
    expect([...vmap(isOff)(many).dataSync()]).toEqual(share(isOff));
    expect(share(compile(isOff))).toEqual(share(isOff));
    expect(new Set(share(isOff))).toEqual(new Set([0, 1]));
  });

  it("dyadic: every length 2⁻ᵏ from 1 to 2/base, every start a multiple of it", () => {
    const { s, t } = draw(examples.dyadic);
    const lengths = t.map((value, i) => value - s[i]);
    expect([...new Set(lengths)].sort((a, b) => b - a)).toEqual([0, 1, 2, 3, 4, 5, 6].map((k) => 2 ** -k));
    expect(s.every((value, i) => Number.isInteger(value / lengths[i]))).toBe(true);
    expect(new Set(s.filter((_, i) => lengths[i] === 0.25))).toEqual(new Set([0, 0.25, 0.5, 0.75]));
  });

  it("fixedEnd: one end for all", () => {
    expect(new Set(draw(examples.fixedEnd).t)).toEqual(new Set([1]));
    expect(Math.max(...draw({ ...examples.fixedEnd, end: 0.5 }).s)).toBeLessThan(0.5);
  });

  it("grid: neighbours on an even grid, or one end, with the step between them", () => {
    const { s, t, delta } = draw(examples.grid);
    expect(new Set(s)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7].map((i) => i / 8)));
    expect(t).toEqual(s.map((value) => value + 1 / 8));
    expect(new Set(delta)).toEqual(new Set([1 / 8]));
    expect(new Set(draw({ ...examples.grid, end: 1 }).t)).toEqual(new Set([1]));
  });

  it("halvingGrid: half as many steps at every stage, down to one", () => {
    const stepsAt = (stage: number): Set<number> => {
      const { s, t, delta } = sampleTimes(key(1), count, examples.halvingGrid, { dtype: "float32", stage });
      const steps = new Set(numbers(delta).map((value) => 1 / value));
      const [first] = steps;
      expect(new Set(numbers(s).map((value) => value * first))).toEqual(
        new Set(Array.from({ length: first }, (_, i) => i)),
      );
      expect(numbers(t)).toEqual(numbers(s).map((value) => value + 1 / first));
      return steps;
    };
    expect([0, 1, 2, 3, 4, 5, 9].map((stage) => [...stepsAt(stage)])).toEqual([[16], [8], [4], [2], [1], [1], [1]]);
  });

  it("square: a middle time lies between s and t, in either order", () => {
    for (const kind of ["uniform", "midpoint"] as const) {
      const { s, t, r } = draw({ ...examples.square, middle: { kind } });
      const shares = r!.map((value, i) => (value - s[i]) / (t[i] - s[i]));
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(-1e-9);
      expect(Math.max(...shares)).toBeLessThanOrEqual(1 + 1e-9);
      expect(mean(shares)).toBeCloseTo(0.5, 1);
    }
  });

  it("karrasGrid: neighbouring noise levels as times", () => {
    const levels = karrasTimes(18);
    // @source losses.md §0.4
    expect(levels[0]).toBeCloseTo(0.01235, 5);
    expect(levels[17]).toBeCloseTo(0.998, 4);
    const { s, t, delta } = draw(examples.karrasGrid);
    expect(new Set(s)).toEqual(new Set(levels.slice(0, -1)));
    expect(s.every((value, i) => Math.abs(value + delta![i] - levels[levels.indexOf(value) + 1]) < 1e-15)).toBe(true);
    expect(new Set(t)).toEqual(new Set([1]));
  });
});

describe("starts", () => {
  it("s is one of a few times, t has an independent law", () => {
    const { s, t } = draw(examples.starts);
    expect(new Set(s)).toEqual(new Set([0, 0.25]));
    expect(Math.abs(mean(s) - 0.125)).toBeLessThan(0.01);
    const late = mean(t.filter((_, i) => s[i] === 0.25));
    expect(Math.abs(late - mean(t.filter((_, i) => s[i] === 0)))).toBeLessThan(0.01);
  });

  it("noise levels by position: the ends are the cleanest and the noisiest level, and positions are uniform", () => {
    const end = (min: number, max = min): number[] => draw({ ...examples.starts, end: { kind: "karras", min, max } }).t;
    // @source losses.md §0.4
    expect(end(1)[0]).toBeCloseTo(0.01235, 5);
    expect(end(0)[0]).toBeCloseTo(0.998, 4);
    // @source losses.md §4.11: the first 800 of 1000 levels end at σ ≈ 24.4
    expect(1 / end(0.8)[0] - 1).toBeCloseTo(24.4, 0);
    const middle = end(0.5)[0];
    expect(mean(end(0, 1).map((t) => Number(t > middle)))).toBeCloseTo(0.5, 1);
  });

  it("uniform times between two bounds", () => {
    const { t } = draw({ kind: "starts", starts: [0], end: { kind: "uniform", min: 0.02, max: 0.98 } });
    expect(Math.min(...t)).toBeGreaterThanOrEqual(0.02);
    expect(Math.max(...t)).toBeLessThan(0.98);
    expect(mean(t)).toBeCloseTo(0.5, 1);
  });
});

describe("a batch of one row", () => {
  // The jump of karrasJumps is one number for a large batch; officialTimes.test.ts compares its law.
  const perRow = laws.filter(({ kind }) => kind !== "karrasJumps");

  it.each(perRow.map((law) => [law.kind, law] as const))("has the law of a large batch: %s", (_, law) => {
    const single = vmap((k: Tensor) => {
      const { s, t } = sampleTimes(k, 1, law);
      return { s, t };
    })(split(key(9), count));
    const large = draw(law);
    const statistics = ([s, t]: readonly (readonly number[])[]): number[] => [
      mean(s),
      mean(t),
      mean(s.map((value, i) => Number(value === t[i]))),
    ];
    const [alone, together] = [statistics([numbers(single.s), numbers(single.t)]), statistics([large.s, large.t])];
    // numbers in [0, 1] have a deviation of at most 1/2, the difference of two means of 4000 one of 0.0112
    alone.forEach((value, i) => {
      expect(Math.abs(value - together[i])).toBeLessThan(0.045);
    });
  });
});

describe("delta", () => {
  it("follows the law, and is absent otherwise", () => {
    expect(new Set(draw({ ...examples.uniformTriangle, delta: 0.01 }).delta)).toEqual(new Set([0.01]));
    expect(draw(examples.uniformTriangle).delta).toBeUndefined();
  });
});

describe("bad laws", () => {
  it.each([
    [
      { kind: "triangle" },
      `kind must be one of ${Object.keys(pairLaws).length} names, such as uniformTriangle, logitNormalPair`,
    ],
    [{ kind: "uniformTriangle", middle: { kind: "third" } }, "middle must be one of uniform, midpoint"],
    [{ kind: "uniformTriangle", margin: 0.5 }, "margin must be in [0, 0.5), got 0.5"],
    [{ kind: "dyadic", base: 100 }, "log₂(base) of dyadic must be a positive whole number"],
    [{ kind: "starts", starts: [], end: { kind: "uniform" } }, "the number of starts of starts must be a positive"],
    [{ kind: "fixedEnd", start: { kind: "late" } }, "start must be one of uniform, logitNormal, arctan, karras"],
    [{ kind: "grid", steps: 0 }, "steps of grid must be a positive whole number, got 0"],
    [{ kind: "doublingKarras", from: 8, to: 4, mean: 0, std: 1 }, "to − from + 1 of doublingKarras must be a positive"],
    [
      { kind: "noiseRatio", start: { kind: "uniform" }, base: 1, stages: 8, k: 8, b: 1 },
      "base of noiseRatio must be above 1, got 1",
    ],
    [{ kind: "karrasGrid", levels: 1 }, "levels − 1 of karrasGrid must be a positive whole number, got 0"],
    [{ kind: "diagonalMix", fraction: 2, law: { kind: "square" } }, "fraction of diagonalMix must be in [0, 1], got 2"],
    [{ kind: "diagonal", start: { kind: "uniform", min: 0.5, max: 0.2 } }, "0 ≤ min ≤ max ≤ 1, got 0.5 and 0.2"],
    [{ kind: "diagonal", start: { kind: "karras", max: 2 } }, "0 ≤ min ≤ max ≤ 1, got 0 and 2"],
    [{ kind: "logitNormalPair", mean: 0, std: -1 }, "a finite mean and a finite std ≥ 0, got 0 and -1"],
    [{ kind: "intervalLogitNormal", mean: Number.NaN, std: 1 }, "a finite mean and a finite std ≥ 0, got NaN and 1"],
    [{ kind: "fixedEnd", start: { kind: "uniform" }, end: 1.5 }, "end of fixedEnd must be in [0, 1], got 1.5"],
    [{ kind: "grid", steps: 4, end: -1 }, "end of grid must be in [0, 1], got -1"],
    [
      { kind: "simulated", steps: 0, start: { kind: "uniform" }, end: { kind: "uniform" } },
      "steps of simulated must be a positive whole number, got 0",
    ],
    [{ kind: "diagonal", start: { kind: "shifted", shift: 0 } }, "shift of shifted must be positive and finite, got 0"],
    [{ kind: "starts", starts: [0, 2], end: { kind: "uniform" } }, "a start of starts must be in [0, 1], got 2"],
    [{ kind: "karrasGrid", levels: 4, sigmaMin: -1 }, "needs 0 < sigmaMin ≤ sigmaMax and rho > 0, got -1, 80 and 7"],
    [{ kind: "square", delta: 0 }, "delta must be positive and finite, got 0"],
    [{ kind: "square", middle: { kind: "nearEnd", fraction: 2 } }, "fraction of nearEnd must be in [0, 1], got 2"],
    [
      { kind: "square", middle: { kind: "nearStart", fraction: -1 } },
      "fraction of nearStart must be in [0, 1], got -1",
    ],
    [
      { kind: "square", middle: { kind: "nearStart", fraction: { kind: "linear", from: 1, to: 0 } } },
      'scheduleAt: kind must be one of exponential, sigmoid, got "linear"',
    ],
    [
      { kind: "square", middle: { kind: "nearStart", fraction: { kind: "exponential", from: 1, to: 0 } } },
      "an exponential schedule must have ends above 0, got 1 and 0",
    ],
    [
      { kind: "square", middle: { kind: "nearStart", fraction: { kind: "sigmoid", from: 2, to: 0, gamma: 25 } } },
      "from must be in [0, 1], got 2",
    ],
  ])("%j", (law, message) => {
    expect(() => sampleTimes(key(0), 4, law as TimeLaw)).toThrow(message);
  });

  it("a batch is a whole number", () => {
    for (const batch of [-1, 1.5, Number.NaN]) {
      expect(() => sampleTimes(key(0), batch, { kind: "square" })).toThrow(
        `batch must be a whole number ≥ 0, got ${batch}`,
      );
    }
    expect(sampleTimes(key(0), 0, examples.diagonalMix as TimeLaw).s.shape).toEqual([0, 1]);
  });

  it("every kind of the table has an example", () => {
    expect(Object.keys(examples).sort()).toEqual(Object.keys(pairLaws).sort());
  });
});
