import { stopGradient } from "@pushforward/autodiff";
import { add, maximum, mean, mul, squaredNorm, sub, sum, type Tensor } from "@pushforward/tensor";
import type { BodyInput } from "./lossTypes.ts";
import type { StartLaw, TimeLaw } from "./timeLaws.ts";

/** Input of a loss of generated samples, each for itself. */
export type GeneratedInput = Omit<BodyInput<"generator", "teacher" | "fakeVelocity" | "freshNoise">, "group">;

/** A sample of the generator with fresh noise, and both velocities at the noised point; every entry [batch, dim]. */
export interface GeneratedSample {
  /** X = G(X_s, s) */
  readonly X: Tensor;
  /** X_t = t·X + (1 − t)·X_0 with fresh noise X_0 */
  readonly xt: Tensor;
  /** Ẋ = X − X_0 */
  readonly dX: Tensor;
  /** v_ψ(X_t), the velocity of the generator's own samples */
  readonly fake: Tensor;
  /** v_φ(X_t), the teacher's */
  readonly real: Tensor;
}

/** Generates a sample, adds noise and evaluates both velocities. The parameters of the velocities are stopped already. */
export function generateSample({
  generator,
  teacher,
  fakeVelocity,
  freshNoise,
  xs,
  s,
  t,
}: GeneratedInput): GeneratedSample {
  const X = generator(xs, s);
  const xt = add(mul(t, X), mul(sub(1, t), freshNoise));
  return { X, xt, dX: X.sub(freshNoise), fake: fakeVelocity(xt, t, s), real: teacher(xt, t) };
}

/** a·b of every sample, [batch]. */
export const inner = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b), -1);

/** A surrogate with the value ½‖g‖² and the gradient g with respect to X: g is stopped. */
export const gradientStep = (X: Tensor, g: Tensor): Tensor =>
  squaredNorm(X.sub(stopGradient(X.sub(g), "target"))).mul(0.5);

/** The prediction of the data by a velocity at X_t: D = X_t + (1 − t)·v. */
export const denoised = (xt: Tensor, v: Tensor, t: Tensor): Tensor => add(xt, mul(sub(1, t), v));

/** Mean distance of a sample from the teacher's prediction, per coordinate, [batch, 1]. */
export const meanDistance = (X: Tensor, real: Tensor): Tensor =>
  maximum(mean(X.sub(real).abs(), -1, { keepDims: true }), smallestDistance);

/** @source official code of SiD: lower bound of the distances in weights */
const smallestDistance = 1e-5;

/** One-step generation: from noise at time 0, evaluated at a time with the law `end`. */
export const fromNoise = (end: StartLaw): TimeLaw => ({ kind: "starts", starts: [0], end });

/** Evaluation times away from 0 and 1, where scores and weights are unbounded. */
export const innerTimes: StartLaw = { kind: "uniform", min: 0.02, max: 0.98 };

/** Common metadata of losses of generated samples. */
export const sharedMetadata = {
  family: "distribution",
  learns: "generator",
  needs: ["teacher", "fakeVelocity", "freshNoise"],
  // With the exact velocity of the samples, which equals the teacher's when the samples have the law of the data.
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "any",
  tangent: null,
} as const;
