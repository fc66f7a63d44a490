import type { AverageVelocity, FlowMap, VelocityField } from "@pushforward/flows";
import type { Tensor, TensorLike } from "@pushforward/tensor";
import type { TimeLaw } from "./timeLaws.ts";

/** Which condition on a flow map a loss enforces. */
export type LossFamily = "flowMatching" | "forward" | "backward" | "triConsistency" | "distribution";

/** What the trained function is: it decides whether a body receives `u` or `phi`. */
export type Learns = "velocity" | "averageVelocity" | "flowMap";

/**
 * What a loss does at the exact map with the exact velocity (and an exact `solve` where it needs one): its value is zero, its
 * expected gradient is zero, or neither.
 */
export type Optimum = "zero" | "stationary" | "biased";

/**
 * How far the form of a loss was checked against a source: A official code read, B re-implementations read, C derived from a
 * digest and verified numerically.
 */
export type Grade = "A" | "B" | "C";

/** What every body receives. x is [batch, dim]; times are scalars or [batch, 1]. */
export interface Samples {
  /** X_0 ~ N(0, I), [batch, dim] */
  readonly noise: Tensor;
  /** X_1, [batch, dim] */
  readonly data: Tensor;
  /** X_s, where the map starts, [batch, dim] */
  readonly xs: Tensor;
  /** Velocity at (X_s, s), conditional or a teacher's as the experiment chooses, [batch, dim] */
  readonly v: Tensor;
  /** Start time. */
  readonly s: Tensor;
  /** End time. */
  readonly t: Tensor;
}

/** The trained function by what is learned. */
export interface Models {
  /** u(x, s, t); only its diagonal u(x, s, s) is used. */
  readonly velocity: { readonly u: AverageVelocity };
  readonly averageVelocity: { readonly u: AverageVelocity };
  readonly flowMap: { readonly phi: FlowMap };
}

/** What a loss may ask for. Networks arrive with stopped parameters, so that their inputs keep derivatives. */
export interface Needs {
  /** v(x, t) of a frozen teacher. */
  readonly teacher: VelocityField;
  /** u(x, s, t) with the slowly averaged parameters. */
  readonly ema: AverageVelocity;
  /** Moves x from time a to time b along the teacher's flow by any solver. */
  readonly solve: (x: Tensor, a: Tensor, b: Tensor) => Tensor;
  /** A time between s and t. */
  readonly r: Tensor;
  /** A positive step in time. */
  readonly delta: Tensor;
}

/** Name of something that a loss may ask for. */
export type Need = keyof Needs;

/** What a body receives: the samples, the trained function, and what it asked for, no more. */
export type BodyInput<L extends Learns, N extends Need> = Samples & Models[L] & Pick<Needs, N>;

/** Times may be plain numbers outside. */
type WithNumbers<T> = { readonly [K in keyof T]: K extends "s" | "t" | "r" | "delta" ? TensorLike : T[K] };

/** What a caller hands in: a loss of maps also takes `u` and makes phi(x, s, t) = x + (t − s)·u(x, s, t) of it. */
export type LossInput<L extends Learns, N extends Need> = WithNumbers<Samples & Pick<Needs, N>> &
  (L extends "flowMap" ? Models["flowMap"] | Models["averageVelocity"] : Models[L]);

/** A published source. */
export interface Paper {
  /** Authors and year. */
  readonly cite: string;
  readonly arxiv: string;
}

/** A loss and all that is known of it. */
export interface LossDefinition<L extends Learns, N extends readonly Need[]> {
  readonly name: string;
  /** What people call it. */
  readonly label: string;
  readonly family: LossFamily;
  readonly learns: L;
  readonly needs: N;
  /** Labels of its stop-gradients, all of them. */
  readonly stops: readonly string[];
  readonly optimum: Optimum;
  /** May `v` be the single-sample velocity X_1 − X_0? "unused" where the body does not look at v. */
  readonly conditionalVelocity: "unbiased" | "biased" | "unused";
  /** Whether the formula holds for s ≤ t only. */
  readonly times: "sorted" | "any";
  /** Times to train with. */
  readonly timeLaw: TimeLaw;
  /** Tangent of its jvp, and whether derivatives pass through it; null without one. */
  readonly tangent: string | null;
  /** LaTeX of the per-sample value. */
  readonly formula: string;
  /** null where the form is older than any one paper. */
  readonly paper: Paper | null;
  readonly grade: Grade;
  /** One number per sample, [batch]. A property, not a method: a body that reads more than `needs` must not compile. */
  readonly loss: (input: BodyInput<L, N[number]>) => Tensor;
}

/** A loss as others use it: the same, with checked input. */
export interface Loss<L extends Learns, N extends readonly Need[]> extends Omit<LossDefinition<L, N>, "loss"> {
  /**
   * @returns one number per sample, [batch]
   * @throws  DomainError where something it needs is missing or times are out of order
   */
  loss(input: LossInput<L, N[number]>): Tensor;
}

/** Any entry of the registry: what it needs is known from its metadata, and checked when it is called. */
export interface AnyLoss extends Omit<LossDefinition<Learns, readonly Need[]>, "loss"> {
  loss(
    input: WithNumbers<Samples> & WithNumbers<Partial<Models["averageVelocity"] & Models["flowMap"] & Needs>>,
  ): Tensor;
}
