import type { AverageVelocity, FlowMap, VelocityField } from "@pushforward/flows";
import type { Tensor, TensorLike } from "@pushforward/tensor";
import type { TimeLaw } from "./timeLaws.ts";
import type { Weighting } from "./weights.ts";

/** Which condition on a flow map a loss enforces. */
export type LossFamily = "flowMatching" | "forward" | "backward" | "triConsistency" | "distribution";

/** Makes data of a point at time s, [batch, dim]: a flow map to t = 1, or any other map whose samples are to look like data. */
export type Generator = (x: Tensor, s: Tensor) => Tensor;

/**
 * What the trained function is: it decides whether a body receives `u`, `phi` or `generator`. In the last two forms the network is not the
 * average velocity itself: `flowMapForms` of flows makes that of it.
 */
export type Learns = "velocity" | "averageVelocity" | "flowMap" | "generator" | "trigFlow" | "secondOrder";

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
  readonly generator: { readonly generator: Generator };
  /** u(y, τ, 0) is TrigFlow's network F(y, τ). */
  readonly trigFlow: { readonly u: AverageVelocity };
  /** u(x, s, t) is the correction N of the second-order form Φ = x + (t − s)·v + (t − s)²·N. */
  readonly secondOrder: { readonly u: AverageVelocity };
}

/** What a loss may ask for. Networks arrive with stopped parameters, so that their inputs keep derivatives. */
export interface Needs {
  /** v(x, t) of a frozen teacher. */
  readonly teacher: VelocityField;
  /** Φ(x, s, t) of a frozen map that was learnt before. */
  readonly teacherMap: FlowMap;
  /** u(x, s, t) of the student without its label, where `u` has one; its parameters are the student's own, stopped. */
  readonly unconditional: AverageVelocity;
  /** u(x, s, t) with the slowly averaged parameters. */
  readonly ema: AverageVelocity;
  /** Moves x from time a to time b along the teacher's flow by any solver. */
  readonly solve: (x: Tensor, a: Tensor, b: Tensor) => Tensor;
  /** A time between s and t. */
  readonly r: Tensor;
  /** A positive step in time. */
  readonly delta: Tensor;
  /** ψ(x, t, s): the velocity of the generator's own samples, which may be told from which time s they were made. */
  readonly fakeVelocity: (x: Tensor, t: Tensor, s: Tensor) => Tensor;
  /** Noise drawn anew, independent of what the generator saw, [batch, dim] */
  readonly freshNoise: Tensor;
  /** R(x, t) = ρ_t(x)/ρ^θ_t(x), the density of the data over that of the samples, [batch] */
  readonly ratio: (x: Tensor, t: Tensor) => Tensor;
  /** C(x, t), a logit: positive where data are likelier than samples, [batch] */
  readonly critic: (x: Tensor, t: Tensor) => Tensor;
  /** Weights [batch] over their mean in the batch; the identity where samples stand alone. */
  readonly normalize: (weights: Tensor) => Tensor;
  /** Noise and where the teacher's flow takes it, each [batch, dim] */
  readonly pairs: { readonly noise: Tensor; readonly data: Tensor };
  /** How much of a tangent's unstable part is used, from 0 at the start of a training up to 1. */
  readonly warmup: Tensor;
}

/** Name of something that a loss may ask for. */
export type Need = keyof Needs;

/** What a body receives: the samples, the trained function, and what it asked for, no more. */
export type BodyInput<L extends Learns, N extends Need> = Samples & Models[L] & Pick<Needs, N>;

/** Times may be plain numbers outside. */
type WithNumbers<T> = { readonly [K in keyof T]: K extends "s" | "t" | "r" | "delta" | "warmup" ? TensorLike : T[K] };

/** What a loss can be made to learn by: a loss of maps takes maps, one of generators takes maps too. */
interface Accepted {
  readonly velocity: Models["velocity"];
  readonly averageVelocity: Models["averageVelocity"];
  readonly flowMap: Models["flowMap"] | Models["averageVelocity"];
  readonly generator: Models["generator"] | Models["flowMap"] | Models["averageVelocity"];
  readonly trigFlow: Models["trigFlow"];
  readonly secondOrder: Models["secondOrder"];
}

/**
 * What a caller hands in. Of `u` a loss of maps makes phi(x, s, t) = x + (t − s)·u(x, s, t), and of phi one of generators makes
 * generator(x, s) = phi(x, s, 1).
 */
export type LossInput<L extends Learns, N extends Need> = WithNumbers<Samples & Pick<Needs, N>> & Accepted[L];

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
  /** How its paper weights the values of samples; none by default. */
  readonly weighting?: Weighting;
  /** Tangent of its jvp, and whether derivatives pass through it; null without one. */
  readonly tangent: string | null;
  /** LaTeX of the per-sample value; a stop-gradient is written `\sg{label}{body}` with the label that the body of the loss gives it. */
  readonly formula: string;
  /** null where the form is older than any one paper. */
  readonly paper: Paper | null;
  readonly grade: Grade;
  /** One number per sample, [batch]. A property, not a method: a body that reads more than `needs` must not compile. */
  readonly loss: (input: BodyInput<L, N[number]>) => Tensor;
}

/** The formula of a loss, printed and as its definition writes it. */
interface PrintedFormula {
  /** LaTeX of the per-sample value, with every stop-gradient of the loss as sg[…]. */
  readonly formula: string;
  /** The same with each stop-gradient as `\sg{label}{body}`: `printFormula` leaves some of them out. */
  readonly markedFormula: string;
}

/** A loss as others use it: the same, with checked input. */
export interface Loss<L extends Learns, N extends readonly Need[]>
  extends Omit<LossDefinition<L, N>, "loss" | "weighting">,
    PrintedFormula {
  readonly weighting: Weighting;
  /**
   * @returns one number per sample, [batch]
   * @throws  DomainError where something it needs is missing or times are out of order
   */
  loss(input: LossInput<L, N[number]>): Tensor;
}

/** Any entry of the registry: what it needs is known from its metadata, and checked when it is called. */
export interface AnyLoss extends Omit<LossDefinition<Learns, readonly Need[]>, "loss" | "weighting">, PrintedFormula {
  readonly weighting: Weighting;
  loss(
    input: WithNumbers<Samples> &
      WithNumbers<Partial<Models["averageVelocity"] & Models["flowMap"] & Models["generator"] & Needs>>,
  ): Tensor;
}
