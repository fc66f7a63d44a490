import { type LossName, losses } from "../losses.ts";
import { diagonalTerm, type Recipe, type Term, term } from "./recipe.ts";

/** Decay of averaged parameters where a paper gives none. */
const usualDecay = 0.999;

/** A recipe named for its last loss, with that loss's own times unless a term says otherwise. */
function recipe(
  name: LossName,
  terms: readonly Term[],
  settings: Partial<Pick<Recipe, "emaDecay" | "solver">> = {},
): Recipe {
  return { name, terms, emaDecay: usualDecay, solver: null, paper: losses[name].paper, ...settings };
}

/** The loss alone, at its own times. */
const alone = (name: LossName, settings: Partial<Term> = {}): Term =>
  term({ loss: name, timeLaw: losses[name].timeLaw, ...settings });

/** Distillation of a teacher by one loss. */
const distillation = (name: LossName): Recipe =>
  recipe(name, [alone(name, { velocity: "teacher" })], { solver: "heun" });

/**
 * Self-distillation: three quarters of the batch on the diagonal, one quarter off it.
 *
 * @source Boffi et al. 2025, configuration of the official code: diag_fraction 0.75; learned weights are off here
 */
const selfDistillation = (name: LossName): Recipe => recipe(name, [diagonalTerm(0.75), alone(name, { share: 0.25 })]);

/** A method for every loss, as data: what `train <loss>` runs. */
export const recipes: { readonly [Name in LossName]: Recipe } = {
  flowMatching: recipe("flowMatching", [diagonalTerm(1)]),
  localForward: distillation("localForward"),
  localForwardSemi: distillation("localForwardSemi"),
  globalForward: distillation("globalForward"),
  globalForwardFull: distillation("globalForwardFull"),
  backwardExact: distillation("backwardExact"),
  backwardSemi: distillation("backwardSemi"),
  backwardFiniteDifference: distillation("backwardFiniteDifference"),
  /** @source official code: data_proportion 0.75, norm_p 1, norm_eps 0.01; evaluation average 0.9999 */
  meanFlow: recipe("meanFlow", [alone("meanFlow", { weighting: { kind: "adaptive", p: 1, c: 0.01 } })], {
    emaDecay: 0.9999,
  }),
  /** @source launch script of the official code: 40 levels, target average 0.95 */
  consistencyDistillation: recipe("consistencyDistillation", [alone("consistencyDistillation")], {
    emaDecay: 0.95,
    solver: "heun",
  }),
  consistencyTraining: recipe("consistencyTraining", [alone("consistencyTraining")], { emaDecay: 0.95 }),
  triConsistency: selfDistillation("triConsistency"),
  triConsistencyFull: selfDistillation("triConsistencyFull"),
  /**
   * The diagonal stands for the paper's smallest step, 1/128.
   *
   * @source official code: bootstrap_every 8, 128 base steps, target average 0.999
   */
  shortcut: recipe("shortcut", [diagonalTerm(7 / 8), alone("shortcut", { share: 1 / 8 })]),
  lsd: selfDistillation("lsd"),
  lsdNone: selfDistillation("lsdNone"),
  esd: selfDistillation("esd"),
  esdConvex: selfDistillation("esdConvex"),
  esdNone: selfDistillation("esdNone"),
  psd: selfDistillation("psd"),
  psdNone: selfDistillation("psdNone"),
};
