import type { FlowMapForm } from "@pushforward/flows";
import { DomainError, optionsOf } from "@pushforward/tensor";
import type { Paper } from "../lossTypes.ts";
import type { TimeLaw } from "../timeLaws.ts";
import type { Weighting } from "../weights.ts";
import { checkTerms, type Term } from "./term.ts";

/**
 * The learning rate over the updates of a stage, after a linear warm-up: half a cosine from the peak down to `final` times the peak, or
 * constant. `warmup` counts updates; by default it is a tenth of all updates, at most 100.
 */
export type RateSchedule =
  | { readonly kind: "cosine"; readonly warmup?: number; readonly final?: number }
  | { readonly kind: "constant"; readonly warmup?: number };

/**
 * Classifier-free guidance: away from the velocity without a label, towards the one with the label of a sample.
 *
 *   v_g = v° + scale·(v − v°) at times from `from` to `to`, v at other times
 *
 * With `max` the network takes the scale ω as an input. Each sample of a training then draws its own, from 1 to `max` with a density in
 * proportion to ω^(−power), and `scale` is the scale of evaluations that name none.
 *
 * @source Ho and Salimans 2022; an interval of times: Kynkäänniemi et al. 2024; the scale as an input: Geng et al. 2025 (improved MeanFlow), official
 *         code: max 8, power 1
 */
export interface Guidance {
  readonly scale: number;
  /**
   * κ: the part of the velocity with a label that the student itself gives, in losses that train a guided student. With `max` it is 1 − 1/ω of
   * the scale ω of each sample instead.
   */
  readonly mix: number;
  readonly from: number;
  readonly to: number;
  /** Largest scale that the network takes as an input; without it the network knows `scale` alone. */
  readonly max?: number;
  /** Default 1: scales are uniform in their logarithm. */
  readonly power?: number;
}

/** Settings of a recipe for short trainings. */
export interface ShortSettings {
  /** Fraction of the batch off the diagonal t = s. Self-distillation by LSD diverged with more than half. */
  readonly offDiagonal?: number;
  /** Start times of a generator. */
  readonly starts?: readonly number[];
  /** Factors of the terms, in their order. */
  readonly weights?: readonly number[];
  readonly ratio?: Recipe["ratio"];
  /** The initial student. */
  readonly init?: Recipe["init"];
  readonly sigmaData?: number;
}

/** How an auxiliary network is trained in alternation with the student. */
export interface Alternation {
  /** Updates of the auxiliary network before each update of the student. */
  readonly updates: number;
  /** Its learning rate over the learning rate of the training. */
  readonly rate: number;
  /** Its training times: samples start at s and are noised to t. */
  readonly timeLaw: TimeLaw;
}

/** How ψ learns the velocity of the student's own samples. */
export interface FakeVelocity extends Alternation {
  /** Whether ψ receives the start time s of a sample. */
  readonly seesStart: boolean;
  /** λ in ‖ψ − Ẋ‖² + λ‖ψ − teacher‖². */
  readonly pull: number;
  /** How the errors of ψ are weighted by their time; by default not at all. */
  readonly weighting?: Weighting;
}

/** How the critic is trained. */
export interface Critic extends Alternation {
  /**
   * What it tells apart: noised data from noised samples, by its number C; or the velocities X_1 − X_0 from those of the student at the same
   * points, by the derivative of C along them. Default samples.
   */
  readonly compares?: "samples" | "velocities";
}

/**
 * A paper's method as data. The objective is the mean over the whole batch. Each term uses its fraction of the rows:
 *
 *   Σ fraction · weight · mean(weighting(loss))
 */
export interface Recipe {
  readonly name: string;
  /** Later terms may rely on earlier terms. The recipe is named after its last term. */
  readonly terms: readonly Term[];
  /** Decay of the averaged parameters that targets use. */
  readonly emaDecay: number;
  /** A solver of the teacher's flow, for losses that need `solve`. */
  readonly solver: "euler" | "heun" | null;
  /** Steps of that solver between the two times of a loss. */
  readonly solverSteps: number;
  /** The network that is trained: a velocity v(x, t), or an average velocity u(x, s, t). */
  readonly network: "velocity" | "averageVelocity";
  /** The form of the trained network, if its losses do not decide it. */
  readonly form: FlowMapForm;
  /**
   * Largest angular frequency of the times that enter the network, radians per unit of time; null takes the network's default. A
   * loss that relies on the derivative in time everywhere, without an anchor on the diagonal, diverges along fast features. A
   * loss that extends short steps to long steps learns faster with slow features.
   */
  readonly maxFrequency: number | null;
  /** The growth of `warmup`: linear over these steps up to `max`; null if no loss needs it. */
  readonly warmup: { readonly steps: number; readonly max: number } | null;
  /**
   * Number of equal stages of the training. The first stage has one solver step of the teacher as `teacherMap`, and each later
   * stage has the student of the previous stage.
   */
  readonly stages: number;
  /**
   * The factor of a term besides its weight: none, or the one that gives the term the size of the last term. The size is that of the gradients in the
   * last layer, or that of the errors: λ = E‖e_last‖/(E‖e‖ + ε), where ‖e‖² are the values of a term without its weighting.
   */
  readonly balance: "none" | "gradientNorm" | "errorLength";
  /** The student's learning rate over the learning rate of the training. */
  readonly rate: number;
  /** The learning rate of all networks over the updates of a stage. */
  readonly schedule: RateSchedule;
  /** β₁ and β₂ of Adam, decays of the mean and of the mean square of gradients, for all networks. */
  readonly betas: readonly [beta1: number, beta2: number];
  /** The initial student: with velocity zero, or equal to the teacher. */
  readonly init: "zero" | "teacher";
  /** How ψ is trained, from the teacher as its initial value; null if no loss needs ψ. */
  readonly fakeVelocity: FakeVelocity | null;
  /** How the critic is trained; null if no loss needs the critic or a density ratio. */
  readonly critic: Critic | null;
  /**
   * Which noise goes with which data: noise and data drawn independently, Distill({X_t}), or each noise with the point where the
   * teacher's flow takes it, the rectified pairs of Distill({Z_t}).
   */
  readonly pairs: "independent" | "rectified";
  /** Settings of this recipe for short trainings, found by trying; where it has none, the settings of the preset `short` alone. */
  readonly short: ShortSettings;
  /**
   * What R(x, t) is: e^C of the critic's logit C, the ratio of densities; e^C over its mean among the rows of the batch in the same tenth
   * of the times; or the number that the released code of Uni-Instruct multiplies with, 1.000 to 1.002 whatever C is.
   */
  readonly ratio: "paper" | "binned" | "released";
  /** Samples after which a parameter has half of its weight in the average that is judged; null leaves its decay to the training. */
  readonly emaHalfLife: number | null;
  /** Whether the decay of targets is constant, or grows with the number of levels of `progressiveKarras`: emaDecay^(from/steps). */
  readonly emaSchedule: "constant" | "adaptive";
  /** Samples at the beginning of the training for which the student stays as it is while auxiliary networks learn. */
  readonly frozen: number;
  /** σ_d of TrigFlow, standard deviation of the data. */
  readonly sigmaData: number;
  /** Bound of intermediate points and targets, for losses that clip them; null clips nothing. */
  readonly clip: number | null;
  /**
   * Guidance of the teacher, and of a student that is trained to be guided; null leaves both as they are. It has an effect on problems with
   * labels only.
   */
  readonly guidance: Guidance | null;
  /** Where the recipe is not what its source says, beyond the departures of its losses, one sentence each. */
  readonly departs: readonly string[];
  readonly paper: Paper | null;
}

/** Settings of a recipe: the terms are required, the others have defaults. */
export type RecipeSettings = Pick<Recipe, "terms"> & Partial<Omit<Recipe, "terms">>;

/** Settings of most papers. If a paper gives no decay of averaged parameters, the decay is our choice. */
const defaults = {
  emaDecay: 0.999,
  solver: null,
  solverSteps: 1,
  network: "averageVelocity",
  form: "firstOrder",
  maxFrequency: null,
  warmup: null,
  stages: 1,
  balance: "none",
  rate: 1,
  schedule: { kind: "cosine" },
  betas: [0.9, 0.999],
  init: "zero",
  fakeVelocity: null,
  critic: null,
  pairs: "independent",
  short: {},
  ratio: "paper",
  emaHalfLife: null,
  emaSchedule: "constant",
  frozen: 0,
  sigmaData: 0.5,
  clip: null,
  guidance: null,
  departs: [],
} as const satisfies Partial<Recipe>;

/** Tolerance of the sum of fractions, because thirds are not exact in binary. */
const fractionTolerance = 1e-9;

/**
 * A recipe with defaults. By default it has the name and the paper of its last loss.
 *
 * @throws DomainError if there is no term, or the fractions do not add up to 1
 */
export function recipe(settings: RecipeSettings): Recipe {
  const { terms } = optionsOf("recipe", settings);
  checkTerms("recipe", terms);
  const last = terms.at(-1);
  if (last === undefined) throw new DomainError("recipe: terms must hold at least one term, got none");
  const total = terms.reduce((sum, { fraction }) => sum + fraction, 0);
  if (Math.abs(total - 1) > fractionTolerance) {
    throw new DomainError(`recipe: the fractions of all terms must add up to 1, got ${total}`);
  }
  const early = terms.findIndex(({ afterWarmup }) => afterWarmup && !settings.warmup);
  if (early >= 0)
    throw new DomainError(
      `recipe: warmup must be given, because terms[${early}].afterWarmup waits for its end, got ${settings.warmup}`,
    );
  const { name, paper } = last.loss;
  return { ...defaults, name, paper, ...settings };
}
