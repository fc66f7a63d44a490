import { recipes } from "@pushforward/losses";
import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import { choicesOf, type PresetChoices } from "../settings/recipeChoices.ts";
import type { Objective } from "./objective.ts";
import { recipeObjective } from "./recipeObjective.ts";
import { teacherObjective } from "./teacher.ts";

/** Names of everything that can be trained: the recipes, and the velocity teacher. */
export const objectiveNames: readonly string[] = [...Object.keys(recipes), teacherObjective.name];

/**
 * An objective by name.
 *
 * @param choices how it departs from the paper's recipe, e.g. a run's configuration
 * @throws DomainError that names the closest ones
 */
export function objectiveOf(name: string, choices: PresetChoices): Objective {
  if (name === teacherObjective.name) return teacherObjective;
  if (Object.hasOwn(recipes, name)) {
    return recipeObjective(recipes[name as keyof typeof recipes], choicesOf(name, choices));
  }
  throw new DomainError(`train: loss ${mustBeOneOf(name, objectiveNames, "pushforward losses lists them")}`);
}
