import { DomainError } from "@pushforward/tensor";
import type { AnyLoss } from "../lossTypes.ts";
import { generatorDistillation } from "./generatorDistillation.ts";
import { checkLossFields, diagonalTerm, type Recipe, type RecipeSettings, recipe, term } from "./recipe.ts";

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

/**
 * The recipe of a loss that has none of its own, by what the loss needs and learns:
 *
 * - a teacher's velocity, map or solver: distillation by this loss alone
 * - the velocity of the student's samples: a generator that starts as the teacher's denoiser, trained in alternation with ψ
 * - a velocity alone: the loss on the whole batch
 * - otherwise self-distillation, with flow matching on the diagonal
 *
 * @throws DomainError for a loss that needs a critic, a ratio of densities or pairs: there is no usual recipe for these
 */
export function defaultRecipe(loss: AnyLoss): Recipe {
  checkLossFields("defaultRecipe", "the loss", loss);
  const needs = (...names: readonly string[]): boolean => loss.needs.some((need) => names.includes(need));
  if (needs("critic", "ratio", "pairs", "ema", "warmup")) {
    throw new DomainError(
      `defaultRecipe: ${loss.name} must have a recipe of its own, because it needs ${loss.needs.join(", ")}; write recipe({ terms: [term({ loss })], … })`,
    );
  }
  if (needs("fakeVelocity")) return generatorDistillation(loss);
  if (needs("teacher", "teacherMap", "solve")) return distillation(loss);
  return loss.learns === "velocity" ? recipe({ terms: [term({ loss })] }) : selfDistillation(loss);
}
