import { recipes } from "@pushforward/losses";
import { DomainError } from "@pushforward/tensor";
import type { Objective } from "./objective.ts";
import { recipeObjective } from "./recipeObjective.ts";
import { choicesOf, type PresetChoices } from "./shortTraining.ts";
import { teacherObjective } from "./teacher.ts";

/** Names of everything that can be trained: the recipes, and the velocity teacher. */
export const objectiveNames: readonly string[] = [...Object.keys(recipes), teacherObjective.name];

/**
 * An objective by name.
 *
 * @param choices how it departs from the paper's recipe, e.g. a run's configuration
 * @throws DomainError that lists the names
 */
export function objectiveOf(name: string, choices: PresetChoices): Objective {
  if (name === teacherObjective.name) return teacherObjective;
  if (Object.hasOwn(recipes, name)) {
    return recipeObjective(recipes[name as keyof typeof recipes], choicesOf(name, choices));
  }
  throw new DomainError(`train: loss must be one of ${objectiveNames.join(", ")}, got ${JSON.stringify(name)}`);
}
