import type { Problem } from "../problems/problem.ts";
import type { Trainer } from "../trainer/trainer.ts";

/** Whether a training learns the flow of its problem; rectified pairs have a straighter flow, whose velocity is not the problem's. */
export const learnsFlowOfProblem = ({ recipe }: Pick<Trainer, "recipe">): boolean => recipe.pairs !== "rectified";

/** The exact velocity and flow map that a training learns; undefined where they are not known. */
export const exactFlowOf = (trainer: Pick<Trainer, "recipe" | "problem">): Problem["exact"] =>
  learnsFlowOfProblem(trainer) ? trainer.problem.exact : undefined;
