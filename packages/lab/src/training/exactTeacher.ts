import { DomainError, type Tensor } from "@pushforward/tensor";
import type { TrainConfig } from "../config.ts";
import type { Problem } from "../problems/problem.ts";
import type { AppliedNetwork, Objective } from "./objective.ts";

type TeacherSettings = Pick<TrainConfig, "teacherVelocity">;

/**
 * The exact velocity of a problem, where a run distils that instead of a learnt one.
 *
 * @throws DomainError if the problem does not know it
 */
export function exactTeacherOf(
  { name, exact }: Pick<Problem, "name" | "exact">,
  { teacherVelocity }: TeacherSettings,
): AppliedNetwork | undefined {
  if (teacherVelocity !== "exact") return undefined;
  if (exact) return (x, t) => exact.velocity(x, t as Tensor);
  throw new DomainError(
    `train: the exact velocity of ${name} is not known; leave --teacher-velocity exact out, so that one is learnt`,
  );
}

/** Whether an objective needs a learnt velocity: to distil it, or to start from it what it trains. */
export function needsLearntTeacher(objective: Objective, { teacherVelocity }: TeacherSettings): boolean {
  if (teacherVelocity !== "exact") return objective.needsTeacher;
  return objective.needsTeacher && (objective.init === "teacher" || Boolean(objective.auxiliaries?.fakeVelocity));
}
