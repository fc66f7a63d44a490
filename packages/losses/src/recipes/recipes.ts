import { type LossName, losses } from "../losses.ts";
import { defaultRecipe } from "./defaultRecipe.ts";
import { distillation, selfDistillation } from "./distillation.ts";
import { adaptive, firstRecipes, fromTeacher, meanFlowSettings } from "./firstRecipes.ts";
import { departuresOfFake, fakeVelocity } from "./generatorDistillation.ts";
import { generatorRecipes } from "./generatorRecipes.ts";
import { diagonalTerm, type Recipe, recipe, term } from "./recipe.ts";

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
  ...generatorRecipes,
};

/** A method for every loss, as data; `train <loss>` runs it. */
export const recipes = Object.fromEntries(
  Object.entries(losses).map(([name, loss]) => [name, published[name as LossName] ?? defaultRecipe(loss)]),
) as { readonly [Name in LossName]: Recipe };
