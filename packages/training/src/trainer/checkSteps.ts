import type { Recipe } from "@pushforward/losses";
import { DomainError } from "@pushforward/tensor";
import { asIs, type Naming } from "../settings/parseSettings.ts";
import type { TrainingSettings } from "../settings/trainingSettings.ts";
import { stageLength } from "./stages.ts";

/**
 * Checks that a training has enough updates for the stages and the warm-up of its recipe.
 *
 * @param nameOf how the message calls a setting
 * @throws DomainError that names the number of updates
 */
export function checkSteps(
  { name, stages, schedule }: Recipe,
  { steps }: Pick<TrainingSettings, "steps">,
  nameOf: Naming = asIs,
): void {
  const length = stageLength(steps, stages);
  const remedy = `raise ${nameOf("steps")}`;
  if (stages > 1 && length < 2) {
    throw new DomainError(
      `train: ${name} trains in ${stages} stages and must have at least ${stages + 1} steps, got ${steps}; ${remedy}`,
    );
  }
  const { warmup = 0 } = schedule;
  if (warmup < length) return;
  const unit = stages > 1 ? "steps in each stage" : "steps";
  throw new DomainError(
    `train: ${name} warms its learning rate up over ${warmup} steps and must have more ${unit}, got ${length}; ${remedy}, or lower schedule.warmup of the recipe`,
  );
}
