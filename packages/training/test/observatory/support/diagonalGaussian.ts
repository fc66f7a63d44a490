import { type Gaussian, gaussian } from "@pushforward/flows";
import { builtinProblems, type Problem } from "../../../src/index.ts";

/** Mean and variances of a Gaussian with independent coordinates. */
export const [means, variances] = [
  [0.4, -0.3],
  [0.64, 1.44],
] as const;

/** The law as a value of flows, with its closed forms. */
export const law: Gaussian = gaussian({ mean: means, std: variances.map(Math.sqrt) });

/** The law as a problem that knows its velocity and its flow map. */
export const problem: Problem = {
  ...builtinProblems.gaussian(),
  name: "diagonal Gaussian",
  sample: (k, n, dtype) => law.sample(k, n, { dtype }),
  exact: { velocity: law.velocity, flowMap: law.flowMap },
};

/** Variance of coordinate i of X_t = t·X_1 + (1 − t)·X_0, and its derivatives: S = t²σ² + (1 − t)². */
export const marginal = (i: number, t: number): number => t * t * variances[i] + (1 - t) ** 2;
const slope = (i: number, t: number): number => 2 * t * variances[i] - 2 * (1 - t);
const curvature = (i: number): number => 2 * variances[i] + 2;

/** ∂v/∂x = S′/(2S). */
export const velocityGain = (i: number, t: number): number => slope(i, t) / (2 * marginal(i, t));

/** v = μ + S′/(2S)·(x − tμ). */
export const velocity = (x: readonly number[], t: number): number[] =>
  x.map((each, i) => means[i] + velocityGain(i, t) * (each - t * means[i]));

/** ∂Φ/∂x = √(S_t/S_s). */
export const mapGain = (i: number, s: number, t: number): number => Math.sqrt(marginal(i, t) / marginal(i, s));

/** ∂U/∂x = (√(S_t/S_s) − 1)/(t − s), at t = s the gain of the velocity. */
export const averageGain = (i: number, s: number, t: number): number =>
  s === t ? velocityGain(i, s) : (mapGain(i, s, t) - 1) / (t - s);

/** U = μ + ∂U/∂x·(x − sμ). */
export const averageVelocity = (x: readonly number[], s: number, t: number): number[] =>
  x.map((each, i) => means[i] + averageGain(i, s, t) * (each - s * means[i]));

/** ∂/∂s of ∂U/∂x; at t = s its limit ½(G′ − G²) with G the gain of the velocity and G′ = S″/(2S) − 2G². */
export function averageGainSlope(i: number, s: number, t: number): number {
  const gain = velocityGain(i, s);
  if (s === t) return (curvature(i) / (2 * marginal(i, s)) - 3 * gain ** 2) / 2;
  const h = t - s;
  const q = mapGain(i, s, t);
  return (-q * gain * h + q - 1) / h ** 2;
}

/** dU/ds along the velocity v: ∂ₛU + ∂U/∂x·v. */
export const averageDerivative = (x: readonly number[], v: readonly number[], s: number, t: number): number[] =>
  x.map((each, i) => averageGainSlope(i, s, t) * (each - s * means[i]) + averageGain(i, s, t) * (v[i] - means[i]));

/** Variance of coordinate i of X_1 − X_0 given X_s: σ²/S_s. */
export const velocityVariance = (i: number, s: number): number => variances[i] / marginal(i, s);
