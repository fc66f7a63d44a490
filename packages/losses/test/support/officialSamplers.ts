import { recipes, type TimeLaw } from "../../src/index.ts";

/** Draws that each law is compared on. */
export const draws = 100_000;

/** Uniform numbers in [0, 1) that have nothing to do with ours: a linear congruential generator of 48 bits. */
export function randomNumbers(seed: number) {
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

/** The time of a noise level. */
export const sigmaTime = (sigma: number): number => 1 / (1 + sigma);
/** σ of a level: index 0 is the noisiest, count − 1 the cleanest. */
export const karrasSigma = (i: number, count: number): number =>
  (80 ** (1 / 7) + (i / (count - 1)) * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7;

/** √ᾱ/(√ᾱ + √(1 − ᾱ)) of a step, by logarithms. */
export function stableDiffusionTime(step: number): number {
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
export interface Official {
  readonly law: TimeLaw;
  readonly sample: (random: Random, row: number) => Row;
  readonly control: TimeLaw;
  readonly options?: { readonly step?: number; readonly progress?: number };
}

/** The law of a term of a recipe, by default of the last one. */
export const termLaw = (name: keyof typeof recipes, i = -1): TimeLaw => recipes[name].terms.at(i)!.timeLaw;
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

/** Discretised log-normal levels: re-implementation Kinyugo/consistency_models: improved_timesteps_schedule and lognormal_timestep_distribution, by a search in the sums of the probabilities. */
function improvedConsistency(part: number): Official {
  const kPrime = Math.floor(400_000 / (Math.log2(Math.floor(1280 / 10)) + 1));
  const count = Math.min(10 * 2 ** Math.floor((part * 400_000) / kPrime), 1280) + 1;
  const levels = Array.from({ length: count }, (_, i) => karrasSigma(count - 1 - i, count));
  const bounds = levels.map((sigma) => (Math.log(sigma) + 1.1) / 2);
  return {
    law: termLaw("improvedConsistency"),
    options: { progress: part },
    sample: (random) => {
      // a normal number between the bounds, by rejection, lies between two levels with the probability of the code
      let z = random.normal();
      while (z < bounds[0] || z >= bounds[count - 1]) z = random.normal();
      const i = bounds.findLastIndex((bound) => bound <= z);
      const [s, next] = [levels[i + 1], levels[i]].map(sigmaTime);
      return { s, delta: next - s };
    },
    control: termLaw("consistencyTraining"),
  };
}

const pixelTime = (random: Random): number => 1 / (1 + Math.exp(-(0.8 + 0.8 * random.normal())));

/** ECMLoss: t_to_r_sigmoid, and the stages of run_ecm.sh: 2000 ticks, doubled every 250. */
const easyConsistency = (part: number): Official => ({
  law: termLaw("easyConsistency"),
  options: { progress: part },
  sample: (random) => {
    const sigma = Math.exp(-1.1 + 2 * random.normal());
    const stage = Math.floor((part * 2000) / 250);
    const ratio = 1 - (1 / 2 ** (stage + 1)) * (1 + 8 / (1 + Math.exp(sigma)));
    const [s, next] = [sigma, Math.max(0, sigma * ratio)].map(sigmaTime);
    return { s, delta: next - s };
  },
  control: termLaw("consistencyTraining"),
});

/** The samplers of official codes by the names of their laws. */
export const official: Readonly<Record<string, Official>> = {
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
  ...Object.fromEntries(
    [0, 0.4, 0.999].map((part) => [`iCT, after ${part} of the training`, improvedConsistency(part)]),
  ),
  ...Object.fromEntries([0, 0.4, 0.999].map((part) => [`ECT, after ${part} of the training`, easyConsistency(part)])),
  "Rectified MeanFlow": {
    law: (termLaw("rectifiedMeanFlow") as Extract<TimeLaw, { kind: "diagonalMix" }>).law,
    // its times run from data to noise, at most 80/81
    sample: (random) => {
      const near = Math.log(1 + random.uniform() * (Math.exp(4) - 1)) / 4;
      const t = random.uniform() < 0.5 ? near : 1 - near;
      const r = Math.max(0, t - 1 / (1 + Math.exp(0.8 - random.normal())));
      return { s: 1 - t, t: 1 - (t > 0.8 && r < 0.4 ? 0 : r) };
    },
    control: { kind: "logitNormalPair", mean: 0.4, std: 1 },
  },
  // its times run from data to noise; the first half of a batch has r = t, the first of two times
  "pixel MeanFlow, on the diagonal": {
    law: termLaw("pixelMeanFlow", 0),
    sample: (random) => ({ s: 1 - pixelTime(random) }),
    control: { kind: "diagonal", start: { kind: "logitNormal", mean: 0.4, std: 1 } },
  },
  "pixel MeanFlow": {
    law: termLaw("pixelMeanFlow"),
    sample: (random) => {
      const [a, b] = [pixelTime(random), pixelTime(random)];
      return { s: 1 - Math.max(a, b), t: 1 - Math.min(a, b) };
    },
    control: termLaw("improvedMeanFlow"),
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
  IMM: {
    law: termLaw("imm"),
    // noise levels η = (1 − s)/s: log η normal with mean −1.1 and deviation 2, below that of 0.006 for s, below that of s for t; r by a decrement
    sample: (random) => {
      const high = 0.994 / 0.006;
      const below = (bound: number): number => {
        let eta = Number.POSITIVE_INFINITY;
        while (eta > bound) eta = Math.exp(-1.1 + 2 * random.normal());
        return eta;
      };
      const start = below(high);
      const end = below(start);
      const r = Math.max(start - high / 2 ** 12, end, 0);
      return { s: sigmaTime(start), r: sigmaTime(r), t: sigmaTime(end) };
    },
    control: { kind: "logitNormalPair", mean: 1.1, std: 2, middle: { kind: "nearStart", fraction: 0.1 } },
  },
  "rCM, consistency": {
    law: termLaw("rcm"),
    sample: (random) => ({ s: sigmaTime(Math.exp(-0.8 + 1.6 * random.normal())) }),
    control: { kind: "fixedEnd", start: { kind: "logitNormal", mean: 1, std: 1.4 } },
  },
  "rCM, simulated samples": {
    law: termLaw("rcm", 0),
    sample: (random, row) => {
      // the noise level of a rectified flow, as tan τ over its sum with 1
      const level = (): number => {
        const u = random.uniform();
        return (5 * u) / (1 + 4 * u);
      };
      let start = 1;
      for (let i = 0; i < row % 4; i++) start = Math.min(start, level());
      return { s: 1 - start, t: 1 - level() };
    },
    control: { kind: "simulated", steps: 4, start: { kind: "uniform" }, end: { kind: "uniform" } },
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
