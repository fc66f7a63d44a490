import { collectStops, freezeStops, grad, withStops } from "@pushforward/autodiff";
import { type AverageVelocity, type FlowMapForm, firstOrderFlowMap, formNetworks } from "@pushforward/flows";
import {
  add,
  dot,
  exp,
  foldIn,
  gather,
  key,
  mul,
  normal,
  sum,
  type Tensor,
  tensor,
  treeMap,
} from "@pushforward/tensor";
import { richardson } from "@pushforward/testing";
import { type AnyLoss, inGroups, repeatInGroups } from "../../src/index.ts";
import { goldenParams, law, otherParams, type TanhParams, tanhModel } from "./goldenProblem.ts";

// The registry's promises about a loss, as numbers that must be 0. Each function takes any loss, also a broken loss.

/** All optional inputs of losses. */
export type Input = Parameters<AnyLoss["loss"]>[0];

const column = (...values: number[]): Tensor => tensor(values.map((value) => [value]));

const [s, t] = [column(0.1, 0.3, 0.5, 0.05, 0.62, 0.4), column(0.8, 0.3, 0.9, 0.95, 0.7, 0.45)];
const [noise, data] = [normal(key(11), [6, 2]), law.sample(key(12), 6)];
const xs = s.mul(data).add(s.mul(-1).add(1).mul(noise));

/** Six samples with their own times, one of them at s = t, and the exact velocity there. */
export const samples = {
  noise,
  data,
  xs,
  v: law.velocity(xs, s),
  s,
  t,
  r: s.add(t.sub(s).mul(column(0.5, 0.5, 0.2, 0.7, 0.4, 0.9))),
  delta: column(0.05, 0.05, 0.02, 0.1, 0.05, 0.05),
  // The final warm-up of AYF; the warm-up of a loss with an exact optimum ends at 1.
  warmup: column(0.99, 0.99, 0.99, 0.99, 0.99, 0.99),
  freshNoise: normal(key(13), [6, 2]),
  pairs: { noise, data: law.flowMap(noise, 0, 1) },
};

/** The exact teacher and solver. */
const exact = { teacher: law.velocity, solve: law.flowMap };

/** The samples with everything exact. */
export const problem = { ...samples, ...exact };

/** A logit of points and times made of a network, [batch]. */
const logitOf =
  (network: AverageVelocity) =>
  (x: Tensor, time: Tensor): Tensor =>
    sum(network(x, time, time), -1).mul(0.3);

/** Optional inputs besides samples: exact if possible, otherwise another network. */
export const networksOf = (u: AverageVelocity, other: AverageVelocity) => ({
  ...exact,
  u,
  ema: other,
  unconditional: other,
  teacherMap: firstOrderFlowMap(other),
  fakeVelocity: (x: Tensor, end: Tensor, start: Tensor) => other(x, start, end),
  critic: logitOf(other),
  ratio: (x: Tensor, time: Tensor) => exp(logitOf(other)(x, time)),
  normalize: (weights: Tensor) => weights,
});

/** The problem with a student, and another network that differs from it. */
export const inputOf = (u: AverageVelocity, other: AverageVelocity = tanhModel(otherParams)): Input => ({
  ...samples,
  ...networksOf(u, other),
});

/** Groups of a loss that compares samples, whatever its own are. */
const pairs = 2;

/** The problem for a loss: where it compares samples, in pairs at the times of the first of both. */
export function inputFor(loss: AnyLoss, u: AverageVelocity, other?: AverageVelocity): Input {
  const input = inputOf(u, other);
  if (loss.group === 1) return input;
  const shared = (time: Tensor): Tensor => repeatInGroups(inGroups(time, pairs).slice(null, 0), pairs);
  const times = treeMap(shared, { s: samples.s, t: samples.t, r: samples.r, delta: samples.delta });
  const start = times.s.mul(data).add(times.s.mul(-1).add(1).mul(noise));
  return { ...input, ...times, xs: start, v: law.velocity(start, times.s), group: pairs };
}

/** The samples of an input alone. */
export const samplesOf = (input: Input): Partial<Input> =>
  Object.fromEntries(Object.entries(input).filter(([name]) => Object.hasOwn(samples, name)));

/** Labels of the stop-gradients that the body executes. */
export const labelsOf = (loss: AnyLoss): string[] =>
  collectStops(() => loss.loss(inputFor(loss, tanhModel(goldenParams)))).labels.sort();

/** The other network has the student's parameters here, so that its stop-gradient has an effect. */
const total =
  (loss: AnyLoss) =>
  (params: TanhParams): Tensor =>
    sum(loss.loss(inputFor(loss, tanhModel(params), tanhModel(params))));

/** A direction in the space of parameters. */
const direction = (seed: number): TanhParams => {
  let count = 0;
  return treeMap((p: Tensor) => normal(foldIn(key(seed), count++), p.shape), goldenParams);
};

const inner = (a: TanhParams, b: TanhParams): number =>
  (["A", "b", "c", "d"] as const).reduce((all, name) => all + dot(a[name], b[name]).item(), 0);

/**
 * The error of the gradient against the finite difference with frozen stopped values, in a random direction and relative to 1 +
 * |difference|.
 *
 * @param off labels switched off for the gradient alone: a missing stop-gradient
 */
export function gradientError(loss: AnyLoss, off: readonly string[] = []): number {
  const dx = direction(5);
  const slope = inner(
    withStops(off, () => grad(total(loss))(goldenParams)),
    dx,
  );
  const difference = (richardson(freezeStops(total(loss)), [goldenParams], [dx], { h: 0.02 }) as Tensor).item();
  return Math.abs(slope - difference) / (1 + Math.abs(difference));
}

/** The exact network plus θ·b(x, s, t), b a smooth field that does not vanish at s = t. */
export const nearExact = (theta: Tensor, learns: AnyLoss["learns"] = "averageVelocity"): AverageVelocity => {
  const form = Object.hasOwn(formNetworks, learns) ? (learns as FlowMapForm) : "firstOrder";
  const network: AverageVelocity = formNetworks[form](law.averageVelocity, law.velocity);
  return (x, start, end) => add(network(x, start, end), mul(theta, tanhModel(otherParams)(x, start, end)));
};

/** The exact auxiliary networks for samples with the law of the data. */
const atLaw = {
  fakeVelocity: law.velocity,
  critic: (x: Tensor) => sum(mul(0, x), -1),
  ratio: (x: Tensor) => exp(sum(mul(0, x), -1)),
};

/** Largest value at the exact map, and the derivative in θ there. */
export function optimumError(loss: AnyLoss, change: Partial<Input> = {}): { value: number; gradient: number } {
  const warmup = loss.optimum === "zero" ? 1 : samples.warmup;
  const at = (theta: Tensor): Tensor => {
    const exactly = nearExact(theta, loss.learns);
    const input = { ...inputFor(loss, exactly, law.averageVelocity), ...atLaw, warmup, ...change };
    return loss.loss(input);
  };
  const gradient = grad((theta: Tensor) => sum(at(theta)))(tensor(0)) as Tensor;
  return { value: Math.max(...at(tensor(0)).abs().dataSync()), gradient: Math.abs(gradient.item()) };
}

/** The difference between the result of the permuted batch and the permuted result. */
export function permutationError(loss: AnyLoss): number {
  // Pairs that are compared stay together.
  const order = tensor(loss.group === 1 ? [3, 0, 5, 1, 4, 2] : [3, 2, 5, 4, 0, 1], { dtype: "int32" });
  const input = inputFor(loss, tanhModel(goldenParams));
  const moved = treeMap(
    (x: Tensor) => gather(x, order),
    Object.fromEntries(Object.entries(input).filter(([, value]) => typeof value === "object")),
  );
  const [plain, permuted] = [loss.loss(input), loss.loss({ ...input, ...moved })];
  return Math.max(...gather(plain, order).sub(permuted).abs().dataSync());
}

/** phi instead of u, for losses of maps. */
export const withPhi = ({ u, ...rest }: Input): Input => ({ ...rest, phi: firstOrderFlowMap(u!) });
