import { key, type Tensor } from "@pushforward/tensor";
import { type PairLaw, sampleTimes, type TimeLaw } from "../../src/index.ts";

/** A law of each kind. */
export const examples: { readonly [K in PairLaw["kind"]]: Extract<PairLaw, { kind: K }> } = {
  uniformTriangle: { kind: "uniformTriangle" },
  logitNormalPair: { kind: "logitNormalPair", mean: 0.4, std: 1 },
  intervalLogitNormal: { kind: "intervalLogitNormal", mean: -0.8, std: 1 },
  logitNormalAfter: { kind: "logitNormalAfter", mean: 1.1, std: 2, least: 0.006 },
  intervalFrom: {
    kind: "intervalFrom",
    start: { kind: "uShaped", rate: 4 },
    ...{ mean: -0.8, std: 1, toEnd: { before: 0.2, after: 0.6 } },
  },
  length: { kind: "length", steps: 4, onGrid: true },
  diagonal: { kind: "diagonal", start: { kind: "logitNormal", mean: 1, std: 1.4 } },
  diagonalMix: { kind: "diagonalMix", fraction: 0.75, law: { kind: "logitNormalPair", mean: 0.4, std: 1 } },
  dyadic: { kind: "dyadic", base: 128 },
  fixedEnd: { kind: "fixedEnd", start: { kind: "uniform" } },
  grid: { kind: "grid", steps: 8 },
  halvingGrid: { kind: "halvingGrid", steps: 16 },
  karrasGrid: { kind: "karrasGrid", levels: 18 },
  progressiveKarras: { kind: "progressiveKarras", from: 20, to: 150 },
  doublingKarras: { kind: "doublingKarras", from: 10, to: 1280, mean: -1.1, std: 2 },
  noiseRatio: {
    kind: "noiseRatio",
    start: { kind: "logitNormal", mean: 1.1, std: 2 },
    ...{ base: 2, stages: 8, k: 8, b: 1 },
  },
  karrasJumps: { kind: "karrasJumps", levels: 18 },
  square: { kind: "square" },
  simulated: { kind: "simulated", steps: 4, start: { kind: "uniform", max: 0.5 }, end: { kind: "uniform", min: 0.5 } },
  starts: { kind: "starts", starts: [0, 0.25], end: { kind: "karras", min: 0.1, max: 0.3 } },
};
export const laws = Object.values(examples) as TimeLaw[];
/** Rows of a draw. */
export const count = 4000;
export const numbers = (x: Tensor | undefined): number[] => [...x!.dataSync()];
export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Drawn columns as lists. */
export function draw(law: TimeLaw, seed = 1, batch = count) {
  const { s, t, r, delta } = sampleTimes(key(seed), batch, law);
  return { s: numbers(s), t: numbers(t), r: r && numbers(r), delta: delta && numbers(delta) };
}
