import { stopGradient } from "@pushforward/autodiff";
import type { Term, TimeLaw } from "@pushforward/losses";
import {
  add,
  DomainError,
  foldIn,
  less,
  mul,
  normal,
  sub,
  type Tensor,
  type TensorLike,
  where,
} from "@pushforward/tensor";
import type { AppliedNetwork } from "./appliedNetwork.ts";

/**
 * X_t = t·X_1 + (1 − t)·X_0: `interpolate` of flows on the linear path, without its checks and without α(t) = t·1 as an equation of
 * its own, so that compiled trainings stay as they are.
 */
export const interpolateLinear = (noise: Tensor, data: Tensor, t: TensorLike): Tensor =>
  add(mul(t, data), mul(sub(1, t), noise));

/** The sample of a generator from x at s: Φ(x, s, 1) of a network for average velocities, x + (1 − s)·u(x, s, 1). */
export const generate = (network: AppliedNetwork, x: Tensor, s: TensorLike): Tensor =>
  add(x, mul(sub(1, s), network(x, s, 1)));

/** Noise like x from a stream of its own. */
export const noiseLike = (x: Tensor, key: Tensor, stream: number): Tensor =>
  normal(foldIn(key, stream), x.shape, { dtype: x.dtype as "float32" });

/** Start times of a law of generators; others start where their law says. */
export const startsOf = (law: TimeLaw): readonly number[] => (law.kind === "starts" ? law.starts : []);

/** The values that X_s is made of. */
export interface StartInput {
  readonly s: Tensor;
  readonly noise: Tensor;
  readonly data: Tensor;
  readonly student: AppliedNetwork;
  readonly key: Tensor;
  /** Start times of the steps of a simulation before s. */
  readonly before?: readonly Tensor[];
  /** Moves noise along the teacher's flow to a time, for terms that start on its trajectories. */
  readonly trajectory?: (noise: Tensor, s: Tensor) => Tensor;
}

/** Samples of the student from each of some times, in order, noised to the next one; the first ones start from noise alone, (1 − s)·X_0. */
function simulate([first, ...later]: readonly Tensor[], { noise, student, key }: StartInput): Tensor {
  let [x, time] = [mul(sub(1, first), noise), first];
  later.forEach((next, i) => {
    x = interpolateLinear(noiseLike(x, key, i), generate(student, x, time), next);
    time = next;
  });
  return stopGradient(x, "own samples");
}

/**
 * X_s of a term: noise and data interpolated, noise alone, (1 − s)·X_0, or a sample of the student from the start time before,
 * noised to s: training and sampling then start from points of one kind.
 */
export function startPoints({ start, timeLaw }: Pick<Term, "start" | "timeLaw">, input: StartInput): Tensor {
  const { s, noise, data } = input;
  if (start === "data") return interpolateLinear(noise, data, s);
  if (start === "trajectory") {
    if (!input.trajectory) throw new DomainError("recipe: start must not be trajectory where auxiliary networks learn");
    return stopGradient(input.trajectory(noise, s), "trajectory");
  }
  if (start === "noise") return mul(sub(1, s), noise);
  if (input.before) return simulate([...input.before, s], input);
  const starts = [...startsOf(timeLaw)].sort((a, b) => a - b);
  let x = mul(1 - starts[0], noise);
  let chosen = x;
  starts.slice(1).forEach((next, i) => {
    x = interpolateLinear(noiseLike(x, input.key, i), generate(input.student, x, starts[i]), next);
    chosen = where(less(s, (starts[i] + next) / 2), chosen, x);
  });
  return stopGradient(chosen, "own samples");
}
