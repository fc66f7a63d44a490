import type { Recipe } from "@pushforward/losses";
import { DomainError, type Tensor } from "@pushforward/tensor";
import type { Problem } from "../problems/problem.ts";
import { asIs, type Naming } from "../settings/parseSettings.ts";
import type { TrainingSettings } from "../settings/trainingSettings.ts";
import type { AppliedNetwork } from "./appliedNetwork.ts";
import { needsTeacher } from "./recipeTraits.ts";

type TeacherSettings = Pick<TrainingSettings, "teacherVelocity">;

/**
 * The exact velocity of a problem, where a run distils that instead of a learnt one.
 *
 * @param nameOf how the message calls a setting
 * @throws DomainError if the problem does not know it
 */
export function exactTeacherOf(
  { name, exact }: Pick<Problem, "name" | "exact">,
  { teacherVelocity }: TeacherSettings,
  nameOf: Naming = asIs,
): AppliedNetwork | undefined {
  if (teacherVelocity !== "exact") return undefined;
  if (exact) return (x, t) => exact.velocity(x, t as Tensor);
  throw new DomainError(
    `train: the exact velocity of ${name} is not known; leave ${nameOf("teacherVelocity")} exact out, so that one is learnt`,
  );
}

/**
 * Whether the student or an auxiliary network begins as the teacher. It then distils that teacher, not the exact velocity: the gap
 * between a velocity of samples and the teacher that it began as has none of their common errors. (Uni-Instruct on eight Gaussians:
 * energy distance 0.17 with the exact velocity, 0.002 with the learnt one.)
 */
export const startsFromTeacher = ({ init, fakeVelocity }: Recipe): boolean =>
  init === "teacher" || fakeVelocity !== null;

/** Whether a recipe needs a learnt velocity. */
export const needsLearntTeacher = (recipe: Recipe, { teacherVelocity }: TeacherSettings): boolean =>
  needsTeacher(recipe) && (teacherVelocity !== "exact" || startsFromTeacher(recipe));
