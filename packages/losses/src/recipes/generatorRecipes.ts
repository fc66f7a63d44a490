import { ddpmTimes } from "../ddpmTimes.ts";
import { type LossName, losses } from "../losses.ts";
import type { StartLaw, TimeLaw } from "../timeLaws.ts";
import {
  denoiserStart,
  departuresOfFake,
  endOf,
  fakeVelocity,
  type GeneratorSettings,
  generatorDistillation,
  starting,
} from "./generatorDistillation.ts";
import { type Alternation, type Recipe, recipe } from "./recipe.ts";
import { term } from "./term.ts";

const critic = (starts: readonly number[], settings: Partial<Alternation> = {}): Alternation => ({
  updates: 1,
  rate: 1,
  timeLaw: starting(starts, { kind: "karras", min: 0.02, max: 0.98 }),
  ...settings,
});

/** Settings of a recipe with an adversarial term. */
interface CriticSettings extends GeneratorSettings {
  /** Factor of the adversarial term over that of the loss. */
  readonly weight: number;
  /** Updates of ψ and of the critic for each update of the student. */
  readonly updates: number;
  /** Times at which critic and adversarial term compare; by default those of the adversarial loss. */
  readonly compared?: StartLaw;
}

/** A recipe with an adversarial term, whose critic also gives the density ratio. */
function withCritic(name: LossName, settings: CriticSettings): Recipe {
  const { weight, updates, starts = [denoiserStart], compared, fake, ...rest } = settings;
  const start = starts.length > 1 ? "student" : "noise";
  const adversarialLaw = starting(starts, compared ?? endOf(losses.adversarial));
  const terms = [
    term({ loss: losses.adversarial, timeLaw: adversarialLaw, fraction: 0.5, weight, start }),
    term({ loss: losses[name], timeLaw: starting(starts, endOf(losses[name])), fraction: 0.5, start }),
  ];
  return recipe({
    terms,
    init: "teacher",
    departs: departuresOfFake,
    fakeVelocity: fakeVelocity(starts, { updates, ...fake }),
    critic: critic(starts, { updates, ...(compared && { timeLaw: adversarialLaw }) }),
    ...rest,
  });
}

/**
 * Optimiser and average of SiD and of the codes that grew out of the same base.
 *
 * @source official codes: sid_train.py (betas [0.0, 0.999] of ψ, g_beta1 0, ema 0.5 million images), di_train.py and fsim_train.py alike
 */
const sidOptimizer = { betas: [0, 0.999], emaHalfLife: 500_000 } as const;

/** The time 1/(1 + σ) of pure noise in a grid of noise levels, σ = 80. @source official code of DMD2, ImageNet: conditioning_sigma */
const noisiestStart = 1 / 81;

/** All levels of the grid of Karras et al. */
const allLevels = { kind: "karras" } as const;

/** f-distill with DMD2's settings. The ratio is divided by its mean at similar times before h is taken. @source official code: bin_num 10 */
const fDistillSettings: CriticSettings = {
  weight: 3e-3,
  updates: 5,
  ratio: "binned",
  short: { ratio: "paper" },
  departs: [
    ...departuresOfFake,
    "The ratio is divided by its mean in the present batch alone; the code can keep a running mean of each tenth of the times.",
  ],
};

/**
 * Uni-Instruct with an adversarial term: SiD's settings, one update of ψ and of the critic, and a student that waits for them.
 *
 * @source official code: lsg_gan 0.01 over lsg 100; the student's first step after 100,000 images (fsim_training_loop.py)
 */
const uniInstructSettings: CriticSettings = {
  ...sidOptimizer,
  weight: 1e-4,
  updates: 1,
  frozen: 100_000,
  short: { weights: [0.01, 1] },
  departs: [
    ...departuresOfFake,
    "Ratio and adversarial term are used from the student's first update on; the code uses them after 200,000 images.",
  ],
};

/** A recipe that multiplies by the ratio in practice. */
const practice: CriticSettings = {
  ...uniInstructSettings,
  departs: [
    ...uniInstructSettings.departs!,
    'The ratio is that of the paper, e^C of the critic\'s logit C, as the recipe\'s ratio "paper" says. The released loop multiplies by −L/(1 − L), where L is the adversarial loss summed over 3072 pixels: 1.000 to 1.002 whatever the logit is, in effect sidOne. That is the ratio "released" (`--ratio released`). On one network the gradients of both had a cosine of 0.621, and that of the paper was 8.4 times as long.',
  ],
};

/** Flow times of the steps 999, 749, 499 and 249 of Stable Diffusion: 0.064, 0.197, 0.383 and 0.591. */
const fourSteps = [999, 749, 499, 249].map((step) => ddpmTimes[step]);

/** rCM's samples of one to four steps, and the times to which they are noised. @source official code: draw_training_time_D, timestep_shift 5 */
const simulated: TimeLaw = {
  kind: "simulated",
  steps: 4,
  start: { kind: "shifted", shift: 5 },
  end: { kind: "shifted", shift: 5 },
};

/** Methods that match the distribution of samples instead of a map. */
export const generatorRecipes = {
  pairRegression: recipe({ terms: [term({ loss: losses.pairRegression, start: "noise" })] }),
  /** @source official code of DMD2; the weight of the regression is recalled */
  dmd: recipe({
    terms: [
      term({
        ...{ loss: losses.pairRegression, start: "noise", fraction: 0.5, weight: 0.25 },
        timeLaw: starting([noisiestStart], endOf(losses.pairRegression)),
      }),
      term({
        ...{ loss: losses.dmd, start: "noise", fraction: 0.5 },
        timeLaw: starting([noisiestStart], endOf(losses.dmd)),
      }),
    ],
    init: "teacher",
    fakeVelocity: fakeVelocity([noisiestStart]),
    short: { init: "zero", starts: [0] },
    departs: [
      ...departuresOfFake,
      "The weight 0.25 of the regression is recalled, not read. Eight Heun steps of the teacher generate new pairs at every training step.",
    ],
  }),
  /**
   * One step from pure noise, as on ImageNet.
   *
   * @source official code, experiments/imagenet: dfake_gen_update_ratio 5, gen_cls_loss_weight 3e-3, diffusion_gan_max_timestep 1000
   */
  dmd2: withCritic("dmd2", {
    ...{ weight: 3e-3, updates: 5, starts: [noisiestStart], compared: allLevels },
    fake: { timeLaw: starting([noisiestStart], allLevels) },
    departs: [
      "ψ minimises the error of velocities with equal weight; the code weights the error of denoisers by the noise level. The optimum is the same.",
    ],
    short: { starts: [denoiserStart] },
  }),
  /**
   * Four steps, as with SDXL. ψ receives the start time: without it ψ would learn the mean over all starts, and errors of different starts
   * could cancel.
   *
   * @source official code, experiments/sdxl: num_denoising_step 4, denoising_timestep 1000, dfake_gen_update_ratio 5,
   *   gen_cls_loss_weight 5e-3, diffusion_gan_max_timestep 1000
   */
  dmd2FourStep: withCritic("dmd2FourStep", {
    ...{ weight: 5e-3, updates: 5, starts: fourSteps, compared: { kind: "ddpm" } },
    fake: { timeLaw: starting(fourSteps, { kind: "ddpm" }), seesStart: true },
    departs: [
      "ψ minimises the error of velocities with equal weight; the code compares predictions of the noise. The optimum is the same.",
      "ψ receives the start time of a sample; in the code it does not. Without it the energy distance of a single step was 0.017 instead of 0.003.",
      "No guidance; the code guides the teacher by text with the scale 8.",
    ],
    short: { starts: [denoiserStart, 0.45, 0.65, 0.85] },
  }),
  /** From pure noise, as in the recipe of freeFlow. @source Tong et al. 2025, second-hand */
  freeFlowCorrection: generatorDistillation(losses.freeFlowCorrection, {
    starts: [0],
    short: { starts: [denoiserStart] },
  }),
  /**
   * Consistency and DMD on half of the batch each. The factors are those of the code, 100 and 1, where DMD's part is a sum of squares without
   * the half of `dmd2`.
   *
   * @source official code, configuration of Wan 2.1: loss_scale 100, loss_scale_dmd 1, tangent_warmup 1000, student_update_freq 5,
   *   max_simulation_steps_fake 4, timestep_shift 5, lr 2e-6 and 4e-7, betas (0, 0.999)
   */
  rcm: recipe({
    terms: [
      term({ loss: losses.dmd2, fraction: 0.5, weight: 2, start: "student", timeLaw: simulated, afterWarmup: true }),
      term({ loss: losses.rcm, fraction: 0.5, weight: 100 }),
    ],
    warmup: { steps: 1000, max: 1 },
    sigmaData: 1,
    betas: [0, 0.999],
    init: "teacher",
    maxFrequency: 2,
    short: { init: "zero", sigmaData: 0.5 },
    fakeVelocity: {
      ...{ updates: 4, rate: 0.2, timeLaw: simulated, seesStart: false, pull: 0 },
      weighting: { kind: "trigFlow", sigmaData: 1 },
    },
    departs: [
      "Both terms have half of the batch; in the code each sample has both.",
      "The number of simulated steps is drawn for each sample; in the code it is the same for a batch and goes through 0 to 3 in turn.",
      "ψ has four updates before each update of the student from the beginning; in the code from the end of the warm-up on.",
      "No weight decay and no guidance; the code guides the teacher by text, F + 5(F − F°). The average that is judged decays by --ema; the code's by a power of the step.",
    ],
  }),
  adversarial: recipe({ terms: [term({ loss: losses.adversarial, start: "noise" })], critic: critic([0]) }),
  /** @source official code, configs/gen/latent_sota_L.yaml, read in a copy: gen_per_label and pos_per_sample 64, adam_b2 0.95 */
  drifting: recipe({
    terms: [term({ loss: losses.drifting, start: "noise" })],
    betas: [0.9, 0.95],
    departs: [
      "The learning rate falls along a cosine, in the code it is constant; the average that is judged decays by --ema, in the code by 0.999.",
    ],
  }),
  fDistill: withCritic("fDistill", fDistillSettings),
  fDistillReverseKl: withCritic("fDistillReverseKl", fDistillSettings),
  fDistillForwardKl: withCritic("fDistillForwardKl", fDistillSettings),
  fDistillHellinger: withCritic("fDistillHellinger", fDistillSettings),
  fDistillJeffreys: withCritic("fDistillJeffreys", fDistillSettings),
  fDistillNeyman: withCritic("fDistillNeyman", fDistillSettings),
  fDistillSoftened: withCritic("fDistillSoftened", fDistillSettings),
  /** @source official code: init_sigma 1.0 in the command of its README, so that s = 1/2 */
  diffInstruct: generatorDistillation(losses.diffInstruct, {
    ...sidOptimizer,
    starts: [1 / 2],
    short: { starts: [denoiserStart] },
  }),
  sid: generatorDistillation(losses.sid, sidOptimizer),
  sidOne: generatorDistillation(losses.sidOne, sidOptimizer),
  sidHalf: generatorDistillation(losses.sidHalf, sidOptimizer),
  cosim: recipe({
    terms: [term({ loss: losses.cosim })],
    init: "teacher",
    departs: [
      ...departuresOfFake,
      "ψ is pulled towards the teacher with weight λ = 0.2; the paper's constant is not known to us.",
    ],
    fakeVelocity: {
      updates: 1,
      rate: 1,
      timeLaw: { kind: "uniformTriangle" },
      seesStart: true,
      pull: 0.2,
    },
  }),
  uniInstruct: withCritic("uniInstruct", practice),
  uniInstructJeffreys: withCritic("uniInstructJeffreys", practice),
  uniInstructReverseKl: generatorDistillation(losses.uniInstructReverseKl, sidOptimizer),
  uniInstructReverseKlExact: generatorDistillation(losses.uniInstructReverseKlExact, sidOptimizer),
  uniInstructForwardKlExact: withCritic("uniInstructForwardKlExact", uniInstructSettings),
  uniInstructJensenShannonExact: withCritic("uniInstructJensenShannonExact", uniInstructSettings),
  uniInstructJeffreysExact: withCritic("uniInstructJeffreysExact", uniInstructSettings),
  uniInstructChiSquaredExact: withCritic("uniInstructChiSquaredExact", uniInstructSettings),
} as const satisfies { readonly [Name in LossName]?: Recipe };
