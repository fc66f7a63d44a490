import { vmap } from "@pushforward/autodiff";
import { key, split, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { sampleTimes, type TimeLaw } from "../src/index.ts";
import {
  draws,
  karrasSigma,
  type Official,
  official,
  randomNumbers,
  sigmaTime,
  stableDiffusionTime,
  termLaw,
} from "./support/officialSamplers.ts";

/** Largest distance of a law from the official sampler; two samples of one law are above it once in ten thousand times. */
const most = 0.01;

const uniformStarts = { kind: "diagonal", start: { kind: "uniform" } } as const;

/** Ours, as the rows of one large batch, or of batches of one row where a law draws once for a batch. */
function ours({ law, options }: Pick<Official, "law" | "options">): Readonly<Record<string, readonly number[]>> {
  const times =
    law.kind === "karrasJumps"
      ? vmap((k: Tensor) => sampleTimes(k, 1, law, options))(split(key(7), draws))
      : sampleTimes(key(7), draws, law, options);
  const columns = Object.fromEntries(
    Object.entries(times as unknown as Readonly<Record<string, Tensor>>).flatMap(([name, column]) =>
      name === "before" ? [] : [[name, [...column.dataSync()]]],
    ),
  ) as Record<string, number[]>;
  return { ...columns, length: columns.t.map((t, i) => t - columns.s[i]) };
}

/** The largest distance between the distribution functions of two samples of equal size. */
function kolmogorov(a: readonly number[], b: readonly number[]): number {
  const [first, second] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  let [i, j, largest] = [0, 0, 0];
  // Levels of two computations differ by rounding.
  const same = 1e-9;
  while (i < first.length && j < second.length) {
    const at = Math.min(first[i], second[j]) + same;
    while (i < first.length && first[i] <= at) i++;
    while (j < second.length && second[j] <= at) j++;
    largest = Math.max(largest, Math.abs(i / first.length - j / second.length));
  }
  return largest;
}

/** The largest of the distances of the times by name. */
function distance(own: Readonly<Record<string, readonly number[]>>, { sample }: Official): number {
  const random = randomNumbers(20_261_130);
  const rows = Array.from({ length: draws }, (_, row) => sample(random, row));
  return Math.max(
    ...Object.keys(rows[0]).map((name) =>
      kolmogorov(
        own[name] ?? [0],
        rows.map((row) => row[name]),
      ),
    ),
  );
}

describe("laws of times against the samplers of official codes", () => {
  it.each(Object.entries(official))("%s", (_, one) => {
    expect(distance(ours(one), one)).toBeLessThan(most);
    // the law that stood there before
    expect(distance(ours({ law: one.control }), one)).toBeGreaterThan(3 * most);
  });

  it("knows two samples of one law from samples of two laws", () => {
    const [a, b, c] = [1, 2, 3].map((seed) => {
      const random = randomNumbers(seed);
      return Array.from({ length: draws }, () => random.uniform() * (seed === 3 ? 1.03 : 1));
    });
    expect(kolmogorov(a, b)).toBeLessThan(most);
    expect(kolmogorov(a, c)).toBeGreaterThan(2 * most);
  });
});

describe("laws that draw once for a batch", () => {
  it("karrasJumps: r lies the same number of levels after s in every row of a batch, and not in every batch", () => {
    const levelOf = (time: number): number =>
      Array.from({ length: 18 }, (_, i) => sigmaTime(karrasSigma(i, 18))).findIndex(
        (each) => Math.abs(each - time) < 1e-9,
      );
    const jumps = Array.from({ length: 40 }, (_, seed) => {
      const { s, r } = sampleTimes(key(seed), 32, termLaw("ctm"));
      return [...new Set([...r!.dataSync()].map((time, i) => levelOf(time) - levelOf([...s.dataSync()][i])))];
    });
    expect(jumps.map(({ length }) => length)).toEqual(jumps.map(() => 1));
    expect(new Set(jumps.flat()).size).toBeGreaterThan(5);
  });

  it("mixture: exactly the first half of a batch, and half of an odd batch in the mean", () => {
    const law = {
      kind: "diagonal",
      start: {
        kind: "mixture",
        parts: [
          { fraction: 0.5, law: { kind: "uniform", max: 0.1 } },
          { fraction: 0.5, law: { kind: "uniform", min: 0.9 } },
        ],
      },
    } as const;
    const isFirst = (batch: number, seed: number) =>
      [...sampleTimes(key(seed), batch, law).s.dataSync()].map((s) => s < 0.5);
    expect(isFirst(8, 1)).toEqual([true, true, true, true, false, false, false, false]);
    const counts = Array.from({ length: 400 }, (_, seed) => isFirst(3, seed).filter(Boolean).length);
    expect(new Set(counts)).toEqual(new Set([1, 2]));
    expect(Math.abs(counts.reduce((a, b) => a + b, 0) / 400 - 1.5)).toBeLessThan(0.1);
  });
});

describe("what the audit of the laws found", () => {
  const share = (law: TimeLaw, bound: number): number => {
    const { s } = ours({ law });
    return s.filter((time) => time < bound).length / draws;
  };

  it("denoising of CTM reaches the noise: P(s < 0.1) = 0.247", () => {
    expect(share(termLaw("ctm", 0), 0.1)).toBeCloseTo(0.247, 2);
    expect(share({ kind: "diagonal", start: { kind: "logitNormal", mean: 1.2, std: 1.2 } }, 0.1)).toBeLessThan(0.005);
  });

  it("steps 20 to 980 of Stable Diffusion are times from 0.071 to 0.879, with the median 0.38", () => {
    const { t } = ours({ law: termLaw("swiftBrush") });
    const ordered = Float64Array.from(t).sort();
    expect([ordered[0], ordered[draws / 2], ordered[draws - 1]].map((time) => Number(time.toFixed(3)))).toEqual([
      0.071,
      expect.closeTo(0.38, 2),
      0.879,
    ]);
    expect([999, 749, 499, 249].map((step) => Number(stableDiffusionTime(step).toFixed(3)))).toEqual([
      0.064, 0.197, 0.383, 0.591,
    ]);
  });

  it("uniform starts are not those of CTM", () => {
    expect(Math.abs(share(uniformStarts, 0.1) - 0.1)).toBeLessThan(0.01);
  });
});
