import type { AnyLoss } from "../lossTypes.ts";
import { type Recipe, type RecipeSettings, recipe } from "./recipe.ts";
import { diagonalTerm, term } from "./term.ts";

/** Distillation of a teacher by one loss. */
export const distillation = (loss: AnyLoss, settings: Partial<RecipeSettings> = {}): Recipe =>
  recipe({ terms: [term({ loss, velocity: "teacher" })], solver: "heun", ...settings });

/**
 * Self-distillation: three quarters of the batch on the diagonal, one quarter off it.
 *
 * @source Boffi et al. 2025, configuration of the official code: diag_fraction 0.75; learned weights are switched off here
 */
export const selfDistillation = (loss: AnyLoss, weight = 1): Recipe =>
  recipe({ terms: [diagonalTerm(0.75), term({ loss, fraction: 0.25, weight })] });
