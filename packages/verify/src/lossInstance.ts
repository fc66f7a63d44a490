import { grad } from "@pushforward/autodiff";
import {
  type AverageVelocity,
  firstOrderFlowMap,
  integrate,
  interpolate,
  type VelocityField,
} from "@pushforward/flows";
import { type AnyLoss, fittingGroup, inGroups, repeatInGroups } from "@pushforward/losses";
import { add, concat, exp, lerp, mul, reshape, sub, sum, type Tensor } from "@pushforward/tensor";
import type { Draws } from "./draws.ts";
import { type RowParameters, rowAverageVelocity, rowParameters, rowVelocity } from "./rowNetwork.ts";

/** All inputs of losses except the trained function. */
export type LossSamples = Omit<Parameters<AnyLoss["loss"]>[0], "u" | "phi" | "ema" | "unconditional" | "teacherMap"> & {
  readonly s: Tensor;
  readonly t: Tensor;
  readonly r: Tensor;
  readonly delta: Tensor;
  readonly teacher: VelocityField;
  /** One Euler step of the teacher. */
  readonly eulerStep: (x: Tensor, a: Tensor, b: Tensor) => Tensor;
};

/** n random instances of a loss, one per row: a student network, an unrelated teacher, a pair of points and times. */
export interface LossInstance {
  readonly dim: number;
  readonly parameters: RowParameters;
  readonly samples: LossSamples;
}

/** Times [n, 1] with s + 0.1 ≤ t and r inside [s, t]. */
export function randomTimes(draws: Draws, n: number): { s: Tensor; r: Tensor; t: Tensor } {
  const s = draws.uniforms([n, 1], 0, 0.85);
  const t = lerp(add(s, 0.1), 1, draws.uniforms([n, 1]));
  return { s, t, r: lerp(s, t, draws.uniforms([n, 1], 0.2, 0.8)) };
}

/** Random networks, points and times; v is the teacher's velocity, `solve` one Heun step of the teacher. */
export function lossInstance(draws: Draws, n: number): LossInstance {
  const dim = draws.integer(1, 3);
  const teacher = rowVelocity(rowParameters(draws, n, { inputs: dim + 1, outputs: dim }));
  const [noise, data] = [draws.normal([n, dim]), draws.normal([n, dim])];
  const times = randomTimes(draws, n);
  const xs = interpolate(noise, data, times.s);
  const samples = {
    ...times,
    noise,
    data,
    xs,
    teacher,
    v: teacher(xs, times.s),
    delta: draws.uniforms([n, 1], 0.01, 0.05),
    warmup: 0.99,
    // A metric that bends within the steps of difference quotients would leave them an error.
    huber: 1,
    solve: (x: Tensor, a: Tensor, b: Tensor) => integrate(teacher, x, a, b, { solver: "heun", steps: 1 }),
    eulerStep: (x: Tensor, a: Tensor, b: Tensor) => add(x, sub(b, a).mul(teacher(x, a))),
  };
  const parameters = rowParameters(draws, n, { inputs: dim + 2, outputs: dim });
  return { dim, samples: { ...samples, ...generatorSamples(draws, n, { noise, data }) }, parameters };
}

/** Inputs of losses of generated samples: an unrelated ψ, critic and ratio, fresh noise, unrelated pairs. */
function generatorSamples(draws: Draws, n: number, pairs: { readonly noise: Tensor; readonly data: Tensor }) {
  const dim = pairs.noise.shape[1];
  const fake = rowAverageVelocity(rowParameters(draws, n, { inputs: dim + 2, outputs: dim }));
  const bend = rowVelocity(rowParameters(draws, n, { inputs: dim + 1, outputs: dim }));
  const critic = (x: Tensor, t: Tensor): Tensor => sum(bend(x, t), -1);
  return {
    pairs,
    critic,
    freshNoise: draws.normal([n, dim]),
    fakeVelocity: (x: Tensor, t: Tensor, s: Tensor) => fake(x, s, t),
    ratio: (x: Tensor, t: Tensor) => exp(mul(0.5, critic(x, t))),
    normalize: (weights: Tensor) => weights,
  };
}

/** The samples for groups of a size, or smaller ones that fit the rows, each at the times of its first row. */
function groupedSamples(size: number, samples: LossSamples): LossSamples {
  const { noise, data, teacher } = samples;
  const group = fittingGroup(size, noise.shape[0]);
  if (group === 1) return { ...samples, group };
  const shared = (time: Tensor): Tensor => repeatInGroups(inGroups(time, group).slice(null, 0), group);
  const [s, r, t, delta] = [samples.s, samples.r, samples.t, samples.delta].map(shared);
  const xs = interpolate(noise, data, s);
  return { ...samples, group, s, r, t, delta, xs, v: teacher(xs, s) };
}

/**
 * A loss as a function of the student's parameters, [n]: the averaged network and the teacher map are the student itself, so only
 * the loss can stop their gradients.
 */
export const lossOf =
  (loss: AnyLoss, samples: LossSamples, changes: Partial<Parameters<AnyLoss["loss"]>[0]> = {}) =>
  (parameters: RowParameters): Tensor => {
    const u: AverageVelocity = rowAverageVelocity(parameters);
    const given = groupedSamples(changes.group ?? loss.group, samples);
    // Weights of scores are unbounded near t = 1.
    const end = loss.learns === "generator" ? { t: mul(0.9, given.t) } : {};
    const others = { ema: u, unconditional: u, teacherMap: firstOrderFlowMap(u) };
    return loss.loss({ u, ...others, ...given, ...end, ...changes });
  };

/**
 * Per-row gradients of per-row values, side by side, [n, parameters]: rows are independent, so one pullback gives all gradients. Where a
 * loss compares rows, the gradient at a row is that of the sum of all values.
 */
export function rowGradients(f: (parameters: RowParameters) => Tensor, parameters: RowParameters): Tensor {
  const gradients = grad((p: RowParameters) => sum(f(p)))(parameters);
  const n = parameters.b.shape[0];
  return concat(
    Object.values(gradients).map((leaf) => reshape(leaf as Tensor, [n, -1])),
    1,
  );
}

/** Value and gradient of every row, [n, 1 + parameters]. */
export const rowJets = (f: (parameters: RowParameters) => Tensor, parameters: RowParameters): Tensor =>
  concat([reshape(f(parameters), [-1, 1]), rowGradients(f, parameters)], 1);
