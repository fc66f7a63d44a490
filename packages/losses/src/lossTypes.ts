import type { AverageVelocity, FlowMap, VelocityField } from "@pushforward/flows";
import type { Tensor, TensorLike } from "@pushforward/tensor";
import type { TimeLaw } from "./timeLaws.ts";
import type { Weighting } from "./weights.ts";

/** Which condition on a flow map a loss enforces. */
export type LossFamily = "flowMatching" | "forward" | "backward" | "triConsistency" | "distribution";

/**
 * Maps a point at time s to data, [batch, dim]: a flow map to t = 1, or any other map whose samples should have the law of the
 * data.
 */
export type Generator = (x: Tensor, s: Tensor) => Tensor;

/**
 * The kind of the trained function. It decides whether a body receives `u`, `phi` or `generator`. In the last two forms the
 * network is not the average velocity itself: `flowMapForms` of flows converts it.
 */
export type Learns = "velocity" | "averageVelocity" | "flowMap" | "generator" | "trigFlow" | "secondOrder";

/**
 * The loss at the exact map with the exact velocity (and an exact `solve` if needed): the value is zero, only the expected
 * gradient is zero, or neither is zero.
 */
export type Optimum = "zero" | "stationary" | "biased";

/**
 * The source against which the formula of a loss was checked: A official code, B re-implementations, C a summary of the paper,
 * with numerical verification.
 */
export type Grade = "A" | "B" | "C";

/** Inputs of every body. x is [batch, dim]; times are scalars or [batch, 1]. */
export interface Samples {
  /** X_0 ~ N(0, I), [batch, dim] */
  readonly noise: Tensor;
  /** X_1, [batch, dim] */
  readonly data: Tensor;
  /** X_s, the start point of the map, [batch, dim] */
  readonly xs: Tensor;
  /** Velocity at (X_s, s), conditional or a teacher's, as the recipe says, [batch, dim] */
  readonly v: Tensor;
  /** Start time. */
  readonly s: Tensor;
  /** End time. */
  readonly t: Tensor;
  /** The velocity of the tangent in place of v, only for losses with `along` and only where a term says so, [batch, dim] */
  readonly along?: Tensor;
  /** Weights of a guided velocity, for losses that make one; default those of the loss. */
  readonly guidance?: GuidanceWeights;
  /** σ_d, standard deviation of the data, for losses on TrigFlow's circle; default 0.5. */
  readonly sigmaData?: number;
  /** c/√D of pseudo-Huber metrics inside losses, D the number of coordinates; default 0.00054. */
  readonly huber?: number;
  /** Bound of the coordinates of intermediate points and targets, for losses that clip them; by default nothing is clipped. */
  readonly clip?: number;
  /** Number of consecutive samples that are compared with each other, for losses that compare some; default that of the loss. */
  readonly group?: number;
}

/** Weights of a guided velocity, numbers or [batch, 1]: ω of the velocity with its label, κ of the student with the label. */
export interface GuidanceWeights {
  readonly omega: TensorLike;
  readonly kappa: TensorLike;
}

/** The trained function by its kind. */
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

/** Optional inputs of losses. The parameters of networks are stopped, so that derivatives with respect to points and times remain. */
export interface Needs {
  /** v(x, t) of a frozen teacher. */
  readonly teacher: VelocityField;
  /** Φ(x, s, t) of a frozen map that was trained before. */
  readonly teacherMap: FlowMap;
  /** u(x, s, t) of the student without the label of `u`; the parameters are those of the student, stopped. */
  readonly unconditional: AverageVelocity;
  /** u(x, s, t) with the slowly averaged parameters. */
  readonly ema: AverageVelocity;
  /** Moves x from time a to time b along the teacher's flow, by a solver. */
  readonly solve: (x: Tensor, a: Tensor, b: Tensor) => Tensor;
  /** A time between s and t. */
  readonly r: Tensor;
  /** A positive step in time. */
  readonly delta: Tensor;
  /** ψ(x, t, s): the velocity of the generator's own samples; ψ may use their start time s. */
  readonly fakeVelocity: (x: Tensor, t: Tensor, s: Tensor) => Tensor;
  /** Fresh noise, independent of the generator's noise, [batch, dim] */
  readonly freshNoise: Tensor;
  /** R(x, t) = ρ_t(x)/ρ^θ_t(x), the density of the data over the density of the samples, [batch] */
  readonly ratio: (x: Tensor, t: Tensor) => Tensor;
  /** C(x, t), a logit, positive where data is more likely than samples, [batch] */
  readonly critic: (x: Tensor, t: Tensor) => Tensor;
  /** Divides weights [batch] by their mean over the batch; the identity for a single sample. */
  readonly normalize: (weights: Tensor) => Tensor;
  /** Noise and the end points of the teacher's flow, each [batch, dim] */
  readonly pairs: { readonly noise: Tensor; readonly data: Tensor };
  /** Factor of a tangent's unstable part, from 0 at the start of a training up to 1. */
  readonly warmup: Tensor;
}

/** Name of an optional input. */
export type Need = keyof Needs;

/** Input of a body: the samples, the size of their groups, the trained function, and the listed optional inputs. */
export type BodyInput<L extends Learns, N extends Need> = Samples & { readonly group: number } & Models[L] &
  Pick<Needs, N>;

/** Callers may pass times as plain numbers, and the student's own velocity U(X_s, s, s) by its name. */
type WithNumbers<T> = {
  readonly [K in keyof T]: K extends "s" | "t" | "r" | "delta" | "warmup"
    ? TensorLike
    : K extends "along"
      ? T[K] | "own"
      : T[K];
};

/** Trained functions that a loss accepts. A loss of generators also accepts maps. */
interface Accepted {
  readonly velocity: Models["velocity"];
  readonly averageVelocity: Models["averageVelocity"];
  readonly flowMap: Models["flowMap"] | Models["averageVelocity"];
  readonly generator: Models["generator"] | Models["flowMap"] | Models["averageVelocity"];
  readonly trigFlow: Models["trigFlow"];
  readonly secondOrder: Models["secondOrder"];
}

/**
 * Input of a loss. A loss of maps converts `u` to phi(x, s, t) = x + (t − s)·u(x, s, t), and a loss of generators converts phi to
 * generator(x, s) = phi(x, s, 1).
 */
export type LossInput<L extends Learns, N extends Need> = WithNumbers<Samples & Pick<Needs, N>> & Accepted[L];

/** A published source. */
export interface Paper {
  /** Authors and year. */
  readonly cite: string;
  readonly arxiv: string;
}

/** A loss with its metadata. */
export interface LossDefinition<L extends Learns, N extends readonly Need[]> {
  readonly name: string;
  /** Common name. */
  readonly label: string;
  readonly family: LossFamily;
  readonly learns: L;
  readonly needs: N;
  /** Labels of all its stop-gradients. */
  readonly stops: readonly string[];
  readonly optimum: Optimum;
  /** May `v` be the single-sample velocity X_1 − X_0? "unused" if the body does not read v. */
  readonly conditionalVelocity: "unbiased" | "biased" | "unused";
  /** Order of the times for which the formula holds. */
  readonly times: "sorted" | "any";
  /** Law of the training times. */
  readonly timeLaw: TimeLaw;
  /** The paper's weighting of the samples; none by default. */
  readonly weighting?: Weighting;
  /** Tangent of the jvp in the loss, and whether derivatives pass through it; null without a jvp. */
  readonly tangent: string | null;
  /** Whether the tangent holds v and the body takes it from the input `along`, so that a term may replace it. */
  readonly along?: boolean;
  /**
   * Number of samples that the loss compares with each other: consecutive rows of a batch, at the same times. Default 1: the value of a
   * sample depends on its own row alone.
   */
  readonly group?: number;
  /** LaTeX of the per-sample value; a stop-gradient is written `\sg{label}{body}` with its label in the code. */
  readonly formula: string;
  /** null if the formula has no single paper as its source. */
  readonly paper: Paper | null;
  readonly grade: Grade;
  /** Where the loss is not what its source says, one sentence each; none by default. */
  readonly departs?: readonly string[];
  /** One number per sample, [batch]. A property, not a method, so that a body that reads more than `needs` does not compile. */
  readonly loss: (input: BodyInput<L, N[number]>) => Tensor;
}

/** The formula of a loss, in print and as in the definition. */
interface PrintedFormula {
  /** LaTeX of the per-sample value, with every stop-gradient of the loss as sg[…]. */
  readonly formula: string;
  /** The same with each stop-gradient as `\sg{label}{body}`; `printFormula` can leave stop-gradients out. */
  readonly markedFormula: string;
}

/** A loss with checked input, as `defineLoss` returns it. */
export interface Loss<L extends Learns, N extends readonly Need[]>
  extends Omit<LossDefinition<L, N>, "loss" | "weighting" | "departs" | "group">,
    PrintedFormula {
  readonly weighting: Weighting;
  readonly group: number;
  readonly departs: readonly string[];
  /**
   * @returns one number per sample, [batch]
   * @throws DomainError if a needed input is missing or times are out of order
   */
  loss(input: LossInput<L, N[number]>): Tensor;
}

/** Any entry of the registry. Its metadata list the needed inputs, which are checked at each call. */
export interface AnyLoss
  extends Omit<LossDefinition<Learns, readonly Need[]>, "loss" | "weighting" | "departs" | "group">,
    PrintedFormula {
  readonly weighting: Weighting;
  readonly group: number;
  readonly departs: readonly string[];
  loss(
    input: WithNumbers<Samples> &
      WithNumbers<Partial<Models["averageVelocity"] & Models["flowMap"] & Models["generator"] & Needs>>,
  ): Tensor;
}
