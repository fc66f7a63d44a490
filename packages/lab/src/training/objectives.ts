import { recipes } from "@pushforward/losses";
import { DomainError } from "@pushforward/tensor";
import type { Objective } from "./objective.ts";
import { recipeObjective, type VelocityChoice } from "./recipeObjective.ts";
import { teacherObjective } from "./teacher.ts";

/** Names of everything that can be trained: the recipes, and the velocity teacher. */
export const objectiveNames: readonly string[] = [...Object.keys(recipes), teacherObjective.name];

/**
 * An objective by name.
 *
 * @param velocity what the terms regress on; the recipe's own choice by default
 * @throws DomainError that lists the names
 */
export function objectiveOf(name: string, velocity: VelocityChoice = "recipe"): Objective {
  if (name === teacherObjective.name) return teacherObjective;
  if (Object.hasOwn(recipes, name)) return recipeObjective(recipes[name as keyof typeof recipes], velocity);
  throw new DomainError(`train: loss must be one of ${objectiveNames.join(", ")}, got "${name}"`);
}
