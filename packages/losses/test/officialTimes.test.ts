import { vmap } from "@pushforward/autodiff";
import { key, split, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { recipes, sampleTimes, type TimeLaw } from "../src/index.ts";

/** Draws that each law is compared on. */
const draws = 100_000;
/** Largest distance of a law from the official sampler; two samples of one law are above it once in ten thousand times. */
const most = 0.01;

/** Uniform numbers in [0, 1) that have nothing to do with ours: a linear congruential generator of 48 bits. */
function randomNumbers(seed: number) {
  let state = BigInt(seed) ^ 0x5deece66dn;
  const uniform = (): number => {
    state = (state * 0x5deece66dn + 0xbn) & 0xffffffffffffn;
    return Number(state) / 2 ** 48;
  };
  return {
    uniform,
    /** randint(low, high) of NumPy and PyTorch: high is left out. */
    whole: (low: number, high: number) => low + Math.floor(uniform() * (high - low)),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
type Random = ReturnType<typeof randomNumbers>;

const sigmaTime = (sigma: number): number => 1 / (1 + sigma);
/** σ of a level: index 0 is the noisiest, count − 1 the cleanest. */
const karrasSigma = (i: number, count: number): number =>
  (80 ** (1 / 7) + (i / (count - 1)) * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7;

/** √ᾱ/(√ᾱ + √(1 − ᾱ)) of a step, by logarithms. */
function stableDiffusionTime(step: number): number {
  let log = 0;
  for (let i = 0; i <= step; i++)
    log += Math.log1p(-((Math.sqrt(0.00085) + (i * (Math.sqrt(0.012) - Math.sqrt(0.00085))) / 999) ** 2));
  const variance = Math.exp(log);
  return 1 / (1 + Math.sqrt((1 - variance) / variance));
}
const diffusionTimes = Array.from({ length: 1000 }, (_, step) => stableDiffusionTime(step));

/** Times of one row by name. */
type Row = Readonly<Record<string, number>>;

/** The sampler of an official code for a row of a batch, and a law of ours that stood in its place before. */
interface Official {
  readonly law: TimeLaw;
  readonly sample: (random: Random, row: number) => Row;
  readonly control: TimeLaw;
  readonly options?: { readonly step?: number; readonly progress?: number };
}

const termLaw = (name: keyof typeof recipes, i = -1): TimeLaw => recipes[name].terms.at(i)!.timeLaw;
const uniformStarts = { kind: "diagonal", start: { kind: "uniform" } } as const;
const triangle = { kind: "uniformTriangle", middle: { kind: "uniform" } } as const;
const innerEnd = { kind: "starts", starts: [0], end: { kind: "uniform", min: 0.02, max: 0.98 } } as const;

/** d = U/N, s = U·(1 − d); floor(sN)/N where the start is on the grid. */
function length(random: Random, steps: number, onGrid: boolean): [number, number] {
  const d = random.uniform() / steps;
  const start = random.uniform() * (1 - d);
  const s = onGrid ? Math.floor(start * steps) / steps : start;
  return [s, s + d];
}

/** Number of scales, before 1 is added, of ema_and_scales_fn. */
const scalesAt = (part: number, from: number, to: number): number =>
  Math.max(1, Math.ceil(Math.sqrt(part * ((to + 1) ** 2 - from ** 2) + from ** 2) - 1));

const consistencyTraining = (part: number): Official => ({
  law: termLaw("consistencyTraining"),
  options: { progress: part },
  sample: (random) => {
    const scales = scalesAt(part, 2, 150) + 1;
    const i = random.whole(0, scales - 1);
    const [s, next] = [i, i + 1].map((level) => sigmaTime(karrasSigma(level, scales)));
    return { s, delta: next - s };
  },
  control: { kind: "grid", steps: 40, end: 1 },
});

const official: Readonly<Record<string, Official>> = {
  "CTM, denoising": {
    law: termLaw("ctm", 0),
    // the first half of a batch is log-normal; t is the law's share of the levels, from the noisiest
    sample: (random, row) => {
      const isFirst = row < draws / 2;
      const sigma = isFirst
        ? Math.exp(-1.2 + 1.2 * random.normal())
        : (80 ** (1 / 7) + random.uniform() * 0.7 * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7;
      return { s: sigmaTime(sigma) };
    },
    control: { kind: "diagonal", start: { kind: "logitNormal", mean: 1.2, std: 1.2 } },
  },
  "CTM, jumps": {
    law: termLaw("ctm"),
    sample: (random) => {
      let place = random.uniform() * ((17 * 18) / 2);
      let steps = 1;
      while (place >= steps) place -= steps++;
      const i = random.whole(0, 18 - steps);
      const end = random.whole(i + steps, 18);
      const [s, r, t] = [i, i + steps, end].map((level) => sigmaTime(karrasSigma(level, 18)));
      return { s, r, t, length: t - s };
    },
    control: triangle,
  },
  SDEI: {
    law: { ...termLaw("sdei"), steps: 4 } as TimeLaw,
    sample: (random) => {
      const [s, t] = length(random, 4, true);
      return { s, t, length: t - s };
    },
    control: triangle,
  },
  STEI: {
    law: termLaw("stei"),
    sample: (random) => {
      const [s, t] = length(random, 1, false);
      return { s, t, length: t - s };
    },
    control: triangle,
  },
  "SDEE, STEE": {
    law: termLaw("stee"),
    sample: (random) => {
      const [a, b] = length(random, 1, false);
      const [s, t] = random.uniform() < 0.5 ? [b, a] : [a, b];
      return { s, t, length: t - s };
    },
    control: { kind: "square", middle: { kind: "uniform" } },
  },
  VSD: {
    law: termLaw("vsd"),
    sample: (random) => ({ t: diffusionTimes[random.whole(20, 980 + 1)] }),
    control: innerEnd,
  },
  "VSD, annealed": {
    law: termLaw("vsd"),
    options: { step: 5000 },
    sample: (random) => ({ t: diffusionTimes[random.whole(20, 500 + 1)] }),
    control: termLaw("swiftBrush"),
  },
  SwiftBrush: {
    law: termLaw("swiftBrush"),
    sample: (random) => ({ t: diffusionTimes[random.whole(0.02 * 1000, 0.981 * 1000)] }),
    control: innerEnd,
  },
  "consistency training, at its beginning": consistencyTraining(0),
  "consistency training, after a third": consistencyTraining(1 / 3),
  "consistency training, at its end": consistencyTraining(799_999 / 800_000),
  "consistency distillation": {
    law: termLaw("consistencyDistillation"),
    sample: (random) => {
      const i = random.whole(0, 39);
      const [s, next] = [i, i + 1].map((level) => sigmaTime(karrasSigma(level, 40)));
      return { s, delta: next - s };
    },
    control: { kind: "grid", steps: 40, end: 1 },
  },
  FACM: {
    law: termLaw("facm"),
    sample: (random) => ({ s: 1 - (2 / Math.PI) * Math.atan(Math.exp(-0.8 + 1.6 * random.normal())) }),
    control: { kind: "fixedEnd", start: { kind: "logitNormal", mean: 0.8, std: 1.6 } },
  },
  TVM: {
    law: termLaw("terminalVelocity"),
    // its times run from data to noise: the end is normal below the logit of 1 − length, here by rejection
    sample: (random) => {
      const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
      const gap = sigmoid(-0.8 + random.normal());
      let end = 1;
      while (end > 1 - gap) end = sigmoid(-0.4 + random.normal());
      return { s: 1 - end - gap, t: 1 - end, length: gap };
    },
    control: { kind: "intervalLogitNormal", mean: -0.8, std: 1 },
  },
  MeanFlow: {
    law: termLaw("meanFlow"),
    // its times run from data to noise
    sample: (random, row) => {
      const [a, b] = [0, 1].map(() => 1 / (1 + Math.exp(-(-0.4 + random.normal()))));
      const [end, start] = [Math.min(a, b), Math.max(a, b)];
      return { s: 1 - start, t: 1 - (row < 0.75 * draws ? start : end) };
    },
    control: { kind: "diagonalMix", fraction: 0.75, law: { kind: "logitNormalPair", mean: -0.4, std: 1 } },
  },
  "Diff-Instruct": {
    law: termLaw("diffInstruct"),
    sample: (random) => ({ t: sigmaTime(Math.exp(-1.2 + 1.2 * random.normal())) }),
    control: innerEnd,
  },
  SiD: {
    law: termLaw("sid"),
    // a uniform place up to 800 of 1000, from the cleanest level
    sample: (random) => ({
      t: sigmaTime((0.002 ** (1 / 7) + 0.8 * random.uniform() * (80 ** (1 / 7) - 0.002 ** (1 / 7))) ** 7),
    }),
    control: { kind: "starts", starts: [0], end: { kind: "karras" } },
  },
  DMD: {
    law: termLaw("dmd"),
    sample: (random) => ({ t: sigmaTime(karrasSigma(999 - random.whole(20, 981), 1000)) }),
    control: innerEnd,
  },
};

/** Ours, as the rows of one large batch, or of batches of one row where a law draws once for a batch. */
function ours({ law, options }: Pick<Official, "law" | "options">): Readonly<Record<string, readonly number[]>> {
  const times =
    law.kind === "karrasJumps"
      ? vmap((k: Tensor) => sampleTimes(k, 1, law, options))(split(key(7), draws))
      : sampleTimes(key(7), draws, law, options);
  const columns = Object.fromEntries(
    Object.entries(times as unknown as Readonly<Record<string, Tensor>>).map(([name, column]) => [
      name,
      [...column.dataSync()],
    ]),
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
