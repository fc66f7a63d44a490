import { freezeStops } from "@pushforward/autodiff";
import { gaussian } from "@pushforward/flows";
import type { AnyLoss } from "@pushforward/losses";
import {
  add,
  evaluation,
  key,
  keys,
  mul,
  normal,
  squaredNorm,
  type Tensor,
  type TensorLike,
  tensor,
  under,
} from "@pushforward/tensor";
import { interpolateLinear } from "../trainer/generatorSamples.ts";

/** A Gaussian whose velocity, map and average velocity are known in closed form. */
const law = gaussian({
  mean: [0.4, -0.3],
  cov: [
    [0.8, 0.2],
    [0.2, 0.5],
  ],
});

/** A function of point and times that is added to the exact average velocity; all its derivatives differ from zero. */
const deviation = (x: Tensor, s: TensorLike, t: TensorLike): Tensor =>
  add(x.sin(), mul(0.3, add(mul(s, s), mul(t, mul(t, t)))));

/** Samples of the check. */
const rows = 4;
/** Largest relative difference that counts as rounding. */
const tolerance = 1e-9;

const known = new WeakMap<AnyLoss, boolean>();

/**
 * Whether the value of a loss is ‖u − U‖² where its targets are exact: then the value of a training splits into the error of the network
 * and the error of its targets. The loss is evaluated on a Gaussian at u = U + d, with the stopped values of u = U and the exact
 * velocity, and must be ‖d‖².
 */
export function regressesOnExact(loss: AnyLoss): boolean {
  const before = known.get(loss);
  if (before !== undefined) return before;
  const isVelocity = loss.learns === "averageVelocity" || loss.learns === "velocity";
  // A program that is being traced asks as well: the check needs numbers.
  const found = isVelocity && under(evaluation, () => isSquaredDeviation(loss));
  known.set(loss, found);
  return found;
}

function isSquaredDeviation(loss: AnyLoss): boolean {
  const [noise, data] = keys(key(0), 2).map((k) => normal(k, [rows, 2]));
  const s = tensor([[0.1], [0.25], [0.4], [0.55]]);
  const t = loss.learns === "velocity" ? s : tensor([[0.6], [0.7], [0.9], [0.95]]);
  const xs = interpolateLinear(noise, data, s);
  const exact = { u: law.averageVelocity, map: law.flowMap, v: law.velocity };
  const at = (factor: Tensor): Tensor =>
    loss.loss({
      ...{ noise, data, xs, s, t, v: exact.v(xs, s), r: s.add(t).mul(0.5), delta: 0.05, warmup: 1 },
      u: (x: Tensor, a: Tensor, b: Tensor) => add(exact.u(x, a, b), mul(factor, deviation(x, a, b))),
      ...{ ema: exact.u, unconditional: exact.u, teacherMap: exact.map, teacher: exact.v, solve: exact.map },
    } as unknown as Parameters<AnyLoss["loss"]>[0]);
  try {
    const frozen = freezeStops(at);
    frozen(tensor(0));
    const [found, wanted] = [frozen(tensor(1)).dataSync(), squaredNorm(deviation(xs, s, t)).dataSync()];
    return wanted.every((value, i) => Math.abs(found[i] - value) <= tolerance * value);
  } catch {
    return false; // a loss that needs an auxiliary network compares no average velocities
  }
}
