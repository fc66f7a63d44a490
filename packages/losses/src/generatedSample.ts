import { stopGradient } from "@pushforward/autodiff";
import { add, maximum, mean, mul, squaredNorm, sub, sum, type Tensor } from "@pushforward/tensor";
import type { BodyInput } from "./lossTypes.ts";
import type { StartLaw, TimeLaw } from "./timeLaws.ts";

/** What a loss of generated samples is made from. */
export type GeneratedInput = BodyInput<"generator", "teacher" | "fakeVelocity" | "freshNoise">;

/** A sample of the generator, noised anew, and what both velocities say there; every entry [batch, dim]. */
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

/** Generates, noises and looks at both velocities. Nothing is stopped: their parameters already are. */
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

/** The value ½‖g‖² with the gradient g with respect to X, whatever g depends on. */
export const gradientStep = (X: Tensor, g: Tensor): Tensor =>
  squaredNorm(X.sub(stopGradient(X.sub(g), "target"))).mul(0.5);

/** What a velocity at X_t says of the data: D = X_t + (1 − t)·v. */
export const denoised = (xt: Tensor, v: Tensor, t: Tensor): Tensor => add(xt, mul(sub(1, t), v));

/** Mean distance of a sample from what the teacher would make of it, per coordinate, [batch, 1]. */
export const meanDistance = (X: Tensor, real: Tensor): Tensor =>
  maximum(mean(X.sub(real).abs(), -1, { keepDims: true }), smallestDistance);

/** @source official code of SiD: weights are of distances of at least this */
const smallestDistance = 1e-5;

/** One-step generation: from noise at time 0, judged at a time of its own law. */
export const fromNoise = (end: StartLaw): TimeLaw => ({ kind: "starts", starts: [0], end });

/** Judging times away from both ends, where scores and weights grow without bound. */
export const innerTimes: StartLaw = { kind: "uniform", min: 0.02, max: 0.98 };

/** Metadata that losses of generated samples share. */
export const sharedMetadata = {
  family: "distribution",
  learns: "generator",
  needs: ["teacher", "fakeVelocity", "freshNoise"],
  // With the exact velocity of the samples: it is the teacher's once the samples have the law of the data.
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "any",
  tangent: null,
} as const;
