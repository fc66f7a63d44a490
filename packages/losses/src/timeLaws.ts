import type { Scheduled } from "./schedule.ts";

/** Law of one time in [0, 1]. */
export type StartLaw =
  /** From `min` to `max`, default all of [0, 1]. */
  | { readonly kind: "uniform"; readonly min?: number; readonly max?: number }
  /** sigmoid of N(mean, std²) */
  | { readonly kind: "logitNormal"; readonly mean: number; readonly std: number }
  /** (2/π)·arctan(e^x) of x ~ N(mean, std²). */
  | { readonly kind: "arctan"; readonly mean: number; readonly std: number }
  /** The noise levels of Karras et al. 2022 at a uniform position from `min` to `max`; 0 is the cleanest level, 1 the noisiest. */
  | { readonly kind: "karras"; readonly min?: number; readonly max?: number }
  /** u/(shift − (shift − 1)·u) of a uniform u: a shift above 1 favours noise. */
  | { readonly kind: "shifted"; readonly shift: number }
  /** With a density in proportion to e^{rate·t} + e^{rate·(1 − t)}, so that both ends are likelier. */
  | { readonly kind: "uShaped"; readonly rate: number }
  /** i/steps for a whole i from 0 to steps − 1. */
  | { readonly kind: "grid"; readonly steps: number }
  /**
   * Steps i of Stable Diffusion's schedule with from ≤ i < to, default all 1000; 0 is the cleanest. After the updates of `anneal` only
   * steps below its own bound are drawn.
   */
  | {
      readonly kind: "ddpm";
      readonly from?: number;
      readonly to?: number;
      readonly anneal?: { readonly after: number; readonly to: number };
    }
  /** Several laws, each for consecutive rows of the batch; `fraction` is their expected fraction. The fractions add up to 1. */
  | { readonly kind: "mixture"; readonly parts: readonly { readonly fraction: number; readonly law: StartLaw }[] };

/** Law of a pair of times (s, t), as data. */
export type PairLaw =
  /** The smaller and the larger of two uniform times. */
  | { readonly kind: "uniformTriangle" }
  /** The smaller and the larger of two logit-normal times. */
  | { readonly kind: "logitNormalPair"; readonly mean: number; readonly std: number }
  /** t − s logit-normal; s uniform on [0, 1 − (t − s)], or t logit-normal as `end` says and at least t − s. */
  | {
      readonly kind: "intervalLogitNormal";
      readonly mean: number;
      readonly std: number;
      readonly end?: { readonly mean: number; readonly std: number };
    }
  /** Two logit-normal times, s at least `least` (default 0), t at least s. */
  | { readonly kind: "logitNormalAfter"; readonly mean: number; readonly std: number; readonly least?: number }
  /**
   * s by its own law, t − s logit-normal, t at most 1. With `toEnd` t is 1 where s < before and t > after.
   */
  | {
      readonly kind: "intervalFrom";
      readonly start: StartLaw;
      readonly mean: number;
      readonly std: number;
      readonly toEnd?: { readonly before: number; readonly after: number };
    }
  /**
   * t − s uniform on [0, 1/steps], s uniform on [0, 1 − (t − s)], or rounded down to a multiple of 1/steps where `onGrid`. With the order
   * "either" half of the pairs have s and t exchanged. By default one step, sorted.
   */
  | {
      readonly kind: "length";
      readonly steps?: number;
      readonly onGrid?: boolean;
      readonly order?: "sorted" | "either";
    }
  /** t = s. */
  | { readonly kind: "diagonal"; readonly start: StartLaw }
  /** Another law, with t = s in the first rows of the batch; `fraction` is their expected fraction of the batch. */
  | { readonly kind: "diagonalMix"; readonly fraction: number; readonly law: PairLaw }
  /** t − s = 2⁻ᵏ for k = 0 … log₂(base) − 1, s a multiple of it: half a step is at least 1/base. */
  | { readonly kind: "dyadic"; readonly base: number }
  /** A start law and one fixed end time, default 1. */
  | { readonly kind: "fixedEnd"; readonly start: StartLaw; readonly end?: number }
  /** s = i/steps and t = (i + 1)/steps, or a fixed end; delta = 1/steps. */
  | { readonly kind: "grid"; readonly steps: number; readonly end?: number }
  /** The grid with steps/2ᵏ steps at stage k of a training, at least one. */
  | { readonly kind: "halvingGrid"; readonly steps: number }
  /** Neighbours s, s + delta on the noise levels of Karras et al. 2022, t = 1. */
  | {
      readonly kind: "karrasGrid";
      readonly levels: number;
      readonly sigmaMin?: number;
      readonly sigmaMax?: number;
      readonly rho?: number;
    }
  /**
   * As `karrasGrid`, with a number of levels that grows during the training from `from` ≥ 2 to `to` + 1: after a part p of it there
   * are ⌈√(p·((to + 1)² − from²) + from²) − 1⌉ steps between levels.
   */
  | { readonly kind: "progressiveKarras"; readonly from: number; readonly to: number }
  /**
   * As `karrasGrid`, with a number of steps that doubles during the training: after a part p of it min(from·2^⌊p·(log₂(to/from) + 1)⌋, to).
   * The cleaner level of a pair is the one below a log-normal σ, whose logarithm is normal between the logarithms of the outermost levels.
   */
  | {
      readonly kind: "doublingKarras";
      readonly from: number;
      readonly to: number;
      readonly mean: number;
      readonly std: number;
    }
  /**
   * Noise levels σ = (1 − s)/s and σ·max(0, 1 − (1 + k/(1 + e^{bσ}))·base^{−(stage + 1)}) with t = 1. Each of the stages, counted from 0, is
   * an equal part of the training.
   */
  | {
      readonly kind: "noiseRatio";
      readonly start: StartLaw;
      readonly base: number;
      readonly stages: number;
      readonly k: number;
      readonly b: number;
    }
  /**
   * s, r and t on the noise levels of Karras et al. 2022: r lies k levels after s, k ≥ 1 drawn once for the batch with probability ∝ k, s
   * uniform, t uniform from r on.
   */
  | { readonly kind: "karrasJumps"; readonly levels: number }
  /** Both uniform, in either order. */
  | { readonly kind: "square" }
  /**
   * The start of a simulation: 0, or the latest of up to steps − 1 times of the law `start`, as many as not, each at least the one before.
   * t by the law `end`, which does not depend on s.
   */
  | { readonly kind: "simulated"; readonly steps: number; readonly start: StartLaw; readonly end: StartLaw }
  /** s from a list of start times, t by a law that does not depend on s. */
  | { readonly kind: "starts"; readonly starts: readonly number[]; readonly end: StartLaw };

/** Law of a time r between s and t. */
export type MiddleLaw =
  | { readonly kind: "uniform" }
  | { readonly kind: "midpoint" }
  /** r = s + fraction·(t − s); the fraction may change during a training. */
  | { readonly kind: "nearStart"; readonly fraction: Scheduled }
  /** r = t − fraction·(t − s), as above. */
  | { readonly kind: "nearEnd"; readonly fraction: Scheduled }
  /** The noise level (1 − r)/r is that of s less a constant decrement > 0; r is at most t. */
  | { readonly kind: "noiseDecrement"; readonly decrement: number };

/** Law of all times that a loss needs, as plain JSON: experiments can enumerate laws, and runs record them. */
export type TimeLaw = PairLaw & {
  /** Law of r, for losses that need it. */
  readonly middle?: MiddleLaw;
  /** A fixed step, for losses that need a step; grids have their own step. */
  readonly delta?: number;
  /** Maps s and t linearly into [margin, 1 − margin]; default 0. */
  readonly margin?: number;
};
