import { DomainError } from "@pushforward/tensor";
import type { AnyLoss } from "../lossTypes.ts";
import { distillation, selfDistillation } from "./distillation.ts";
import { generatorDistillation } from "./generatorDistillation.ts";
import { type Recipe, recipe } from "./recipe.ts";
import { checkLossFields, term } from "./term.ts";

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
