import { type LossName, losses } from "../losses.ts";
import { defaultRecipe } from "./defaultRecipe.ts";
import { distillation, selfDistillation } from "./distillation.ts";
import { adaptive, firstRecipes, fromTeacher, meanFlowSettings, onGrid } from "./firstRecipes.ts";
import { departuresOfFake, fakeVelocity } from "./generatorDistillation.ts";
import { generatorRecipes } from "./generatorRecipes.ts";
import { type Recipe, recipe } from "./recipe.ts";
import { diagonalTerm, term } from "./term.ts";

/**
 * Time features of consistency in continuous time. On eight Gaussians for 2000 steps the training diverges at 16 radians,
 * converges at 4 and converges best at 2. Secant losses, which extend short steps to long steps, learn several times faster with
 * slow features.
 *
 * @source Lu and Song 2024, section 4.1: small time embeddings keep the derivative in time stable
 */
const slow = 2;

/** @source Lu and Song 2024: the second half of the tangent grows over 10,000 steps */
const scm = { warmup: { steps: 10_000, max: 1 }, maxFrequency: slow } as const;

/**
 * Solver steps for losses whose target is the solver's end point over any distance: one Heun step leaves four times the energy
 * distance.
 */
const longSolve = 4;

/** Recipes of losses that differ from their default. */
const published: { readonly [Name in LossName]?: Recipe } = {
  flowMatching: recipe({ terms: [diagonalTerm(1)] }),
  /**
   * A quarter of the batch for the correction, whose gradient is as long as that of the prediction before its weight.
   *
   * @source Tong et al. 2025, second-hand: 75 % and 25 % of the batch, α about 1, power k = 1 of the weight in joint trainings
   */
  freeFlow: recipe({
    terms: [
      term({ loss: losses.freeFlowCorrection, start: "noise", fraction: 0.25 }),
      term({ loss: losses.freeFlow, start: "noise", fraction: 0.75, weighting: adaptive }),
    ],
    balance: "errorLength",
    fakeVelocity: fakeVelocity([0]),
    ...fromTeacher,
    departs: [
      ...departuresOfFake,
      "The constants of the weights and of λ were not found, nor how the student begins: c and the small number under λ are ours.",
      "Nothing is guided; the paper guides the teacher by the class, with scales that the student takes as an input.",
    ],
  }),
  /**
   * 16 updates of the critic for each of a student that begins as a flow matching network, and 10,000 of them before the first.
   *
   * @source official code, configs/train/cafm/train_cafm_sit.yaml: N 16, warmup 10000 of batches of 256, betas 0 and 0.95, timesteps uniform
   */
  continuousAdversarial: recipe({
    terms: [term({ loss: losses.continuousAdversarial })],
    critic: {
      ...{ updates: 16, rate: 1, compares: "velocities" },
      timeLaw: { kind: "diagonal", start: { kind: "uniform" } },
    },
    init: "teacher",
    frozen: 10_000 * 256,
    betas: [0, 0.95],
    short: { init: "zero" },
    departs: [
      "The critic is a network with new weights; in the code it begins as the flow matching network, with a new last layer.",
      "The critic has 16 updates before each of the student from the first one on, while the student stays as it is; in the code it has 10,000 at first.",
    ],
  }),
  flowMapMatching: recipe({ terms: [term({ loss: losses.flowMapMatching })] }),
  /** @source official code: averages of 0.999 in the target; terms balanced by the gradients of the last layer */
  ctm: recipe({
    terms: [term({ loss: losses.denoising, fraction: 0.5 }), term({ loss: losses.ctm, fraction: 0.5 })],
    solver: "heun",
    solverSteps: longSolve,
    init: "teacher",
    short: { init: "zero" },
    balance: "gradientNorm",
    departs: [
      "The adversarial part is the entry adversarial, not in this recipe.",
      "The factor of every balanced term is kept within [0.01, 10]; the code bounds that of its adversarial part so.",
      "The solver takes four equal steps between the two times; the code steps through the noise levels in between.",
    ],
  }),
  sdei: distillation(losses.sdei, { maxFrequency: slow, ...fromTeacher }),
  sdee: distillation(losses.sdee, { maxFrequency: slow, ...fromTeacher }),
  stei: recipe({
    terms: [diagonalTerm(0.5), term({ loss: losses.stei, fraction: 0.5 })],
    maxFrequency: slow,
    ...fromTeacher,
  }),
  stee: recipe({ terms: [term({ loss: losses.stee })], maxFrequency: slow }),
  backwardFiniteDifference: distillation(losses.backwardFiniteDifference),
  /** @source official code, README.md: consistency_ratio 0.25, p_mean −0.8, p_std 1, p 0.5, pc 0.01; the network begins as EDM2 */
  rectifiedMeanFlow: recipe({
    terms: [term({ loss: losses.rectifiedMeanFlow, weighting: { kind: "adaptive", p: 0.5, c: 0.01 } })],
    pairs: "rectified",
    ...fromTeacher,
    short: { init: "zero", offDiagonal: 0.75 },
    departs: [
      "All pairs are used; the code drops those at a large distance, some 13 %.",
      "The adaptive weight is of the sum of the squared differences over the coordinates, in the code of their mean; nothing is guided.",
      "Eight Heun steps of the teacher make new pairs at every training step; the code stores them.",
    ],
  }),
  /**
   * Points on trajectories of the teacher, from noise.
   *
   * @source official code, run_cmt_cifar.sh: nfe 16, from the weights of the teacher
   */
  midTraining: recipe({
    terms: [term({ loss: losses.midTraining, start: "trajectory" })],
    solver: "heun",
    solverSteps: longSolve,
    ...fromTeacher,
    departs: [
      "Trajectories are solved anew at every training step, by four Heun steps to X_s and four from it; the code takes 16 steps of a multistep solver, uniform in the logarithm of the noise level, and keeps all points between.",
      "The code's trajectories begin at data with noise of σ = 80, ours at noise alone.",
    ],
  }),
  /** The same settings; on a problem without labels guidance has no effect. */
  meanFlowGuided: recipe({
    terms: [term({ loss: losses.meanFlowGuided, weighting: adaptive })],
    ...meanFlowSettings,
    guidance: { scale: 2, mix: 0.5, from: 0, to: 1 },
  }),
  /** Weights are inside the loss. @source official code, infra/experiments/experiments-alphaflow.yaml: sigmoid-latentspace-B-2 */
  alphaFlow: recipe({
    terms: [term({ loss: losses.alphaFlow })],
    betas: [0.9, 0.95],
    departs: [
      "The learning rate falls along a cosine, in the code it is constant; the average that is judged decays by --ema.",
    ],
  }),
  /** @source official code, imf.py: data_proportion 0.5, norm_p 1, norm_eps 0.01, s_max 7 and cfg_beta 1; configs: adam_b2 0.95 */
  improvedMeanFlow: recipe({
    terms: [term({ loss: losses.improvedMeanFlow, weighting: adaptive })],
    ...meanFlowSettings,
    guidance: { scale: 2, mix: 0.5, from: 0, to: 1, max: 8, power: 1 },
  }),
  /** @source official code, pmf.py: data_proportion 0.5, norm_p 1, norm_eps 0.01, cfg_max 7; configs: P_mean 0.8, P_std 0.8, cfg_beta 1, adam_b2 0.95 */
  pixelMeanFlow: recipe({
    terms: [
      term({
        ...{ loss: losses.pixelMeanFlow, weighting: adaptive, fraction: 0.5 },
        timeLaw: { kind: "diagonal", start: { kind: "logitNormal", mean: -0.8, std: 0.8 } },
      }),
      term({ loss: losses.pixelMeanFlow, weighting: adaptive, fraction: 0.5 }),
    ],
    ...meanFlowSettings,
    form: "pmf",
    guidance: { scale: 2, mix: 0.5, from: 0, to: 1, max: 8, power: 1 },
    departs: [
      "The optimiser is Adam; the code has Muon for its matrices.",
      "The average that is judged decays by --ema; the code keeps three averages whose decay grows.",
    ],
  }),
  /**
   * Half of the batch on the diagonal.
   *
   * @source re-implementation, second-hand: flow_ratio 0.5, λ uniform, from the teacher's weights
   */
  splitMeanFlow: recipe({
    terms: [
      term({ loss: losses.flowMatching, fraction: 0.5, velocity: "teacher" }),
      term({ loss: losses.splitMeanFlow, fraction: 0.5 }),
    ],
    ...fromTeacher,
    departs: ["Times are uniform; the re-implementation draws those of its teacher, logit-normal on a cosine path."],
  }),
  /**
   * Half of the batch on the diagonal, a tenth with t = 1.
   *
   * @source official code, configs/c2i/tim_b_p4.yaml: diffusion_ratio 0.5, consistency_ratio 0.1, differential_epsilon 0.005, P_mean −0.4, P_std 1
   */
  transition: recipe({
    terms: [
      term({
        loss: losses.transition,
        fraction: 0.5,
        timeLaw: { kind: "diagonal", start: { kind: "logitNormal", mean: 0.4, std: 1 }, delta: 0.005 },
      }),
      term({
        loss: losses.transition,
        fraction: 0.1,
        timeLaw: { kind: "fixedEnd", start: { kind: "logitNormal", mean: 0.4, std: 1 }, delta: 0.005 },
      }),
      term({ loss: losses.transition, fraction: 0.4 }),
    ],
    betas: [0.9, 0.95],
    departs: [
      "s of the rows with t = s and with t = 1 is one logit-normal time; in the code it is the earlier of two.",
      "The average that is judged decays by --ema; in the code by 0.9999.",
    ],
  }),
  /** @source official code, scripts/train.sh: t-type default, p 0.5, cfgw 1.75, mean 0.8, std 1.6, glow 0.125, distill: from a trained network */
  facm: recipe({
    terms: [term({ loss: losses.facm, velocity: "teacher" })],
    ...fromTeacher,
    guidance: { scale: 1.75, mix: 0, from: 0.125, to: 1 },
  }),
  /** @source official code, configs/im256_w2.yaml: gap_P_mean −0.8, s_P_mean −0.4, ema_target_beta 0.99, betas 0.9 and 0.95 */
  terminalVelocity: recipe({
    terms: [
      term({
        loss: losses.flowMatching,
        fraction: 0.5,
        timeLaw: { kind: "diagonal", start: { kind: "logitNormal", mean: 0.4, std: 1 } },
      }),
      term({ loss: losses.terminalVelocity, fraction: 0.5 }),
    ],
    emaDecay: 0.99,
    betas: [0.9, 0.95],
    departs: ["Both terms have half of the batch; in the code each sample has both, with the same noise."],
  }),
  soFlow: recipe({
    terms: [diagonalTerm(0.75), term({ loss: losses.soFlow, fraction: 0.25 })],
    departs: ["Flow matching draws uniform times and has no weight, because the paper's were not found."],
  }),
  /** @source re-implementations: a warm-up over some 10,000 steps up to 0.99 */
  ayfEmd: distillation(losses.ayfEmd, { warmup: { steps: 10_000, max: 0.99 }, ...fromTeacher }),
  /** @source launch script of the official code: target_ema_mode adaptive, start_ema 0.95, scale_mode progressive */
  consistencyTraining: recipe({
    terms: [term({ loss: losses.consistencyTraining })],
    emaDecay: 0.95,
    emaSchedule: "adaptive",
  }),
  /** @source paper, as re-implemented */
  improvedConsistency: recipe({
    terms: [term({ loss: losses.improvedConsistency })],
    departs: [
      "The optimiser is Adam, and the average that is judged decays by --ema; the paper has RAdam and 0.99993.",
    ],
  }),
  /** @source official code, run_ecm.sh: transfer from a trained network; ct_train.py: betas 0.9 and 0.999, ema_beta 0.9999 */
  easyConsistency: recipe({
    terms: [term({ loss: losses.easyConsistency })],
    ...fromTeacher,
    departs: ["The optimiser is Adam, and the average that is judged decays by --ema; the code has RAdam and 0.9999."],
  }),
  continuousConsistency: recipe({ terms: [term({ loss: losses.continuousConsistency })], maxFrequency: slow }),
  scmDistillation: distillation(losses.scmDistillation, { ...scm, ...fromTeacher }),
  scmTraining: recipe({ terms: [term({ loss: losses.scmTraining })], ...scm }),
  /**
   * Two steps without a stop have a small gradient compared with the diagonal. On eight Gaussians the energy distance was 0.044
   * at weight 1 and 0.020 at weight 10.
   */
  triConsistencyFull: selfDistillation(losses.triConsistencyFull, 10),
  /** From 32 Euler steps of the teacher to 16 steps of the student, and so on down to one step. */
  progressiveDistillation: distillation(losses.progressiveDistillation, {
    solver: "euler",
    stages: 5,
    departs: ["At each stage the student continues its training; the code copies the teacher."],
  }),
  progressiveFlowMapMatching: distillation(losses.progressiveFlowMapMatching, { stages: 4 }),
  traFlow: distillation(losses.traFlow, { solverSteps: longSolve, ...fromTeacher }),
  imm: recipe({
    terms: [term({ loss: losses.imm })],
    departs: [
      "The average that is judged decays by --ema; that of the paper, its optimiser, dropped labels and guidance were not read in code.",
    ],
  }),
  ...firstRecipes,
  /** Shortcut's settings, with the velocity of the teacher on the diagonal and its weights at the beginning. */
  shortcutDistillation: recipe({
    terms: [
      term({ loss: losses.flowMatching, fraction: 7 / 8, timeLaw: onGrid, velocity: "teacher" }),
      term({ loss: losses.shortcutDistillation, fraction: 1 / 8 }),
    ],
    init: "teacher",
    short: { init: "zero", offDiagonal: 0.5 },
    departs: [
      "The paper trains from data; here the same objective distils a velocity that was learnt before.",
      "Flow matching stands on the diagonal t = s; in the code it has the step 1/128.",
    ],
  }),
  ...generatorRecipes,
};

/** A method for every loss, as data; `train <loss>` runs it. */
export const recipes = Object.fromEntries(
  Object.entries(losses).map(([name, loss]) => [name, published[name as LossName] ?? defaultRecipe(loss)]),
) as { readonly [Name in LossName]: Recipe };
