import { frozen } from "../appliedNetwork.ts";
import type { Setup } from "../setup.ts";
import { previousOf } from "../stages.ts";
import type { Learner } from "./learner.ts";

/** The student at the end of the stage before; null in a training of one stage. */
export function stageBefore<P>({ recipe, student, stageLength }: Setup<P>, params: P): Learner<P> | null {
  if (recipe.stages === 1) return null;
  return {
    name: "previous",
    initial: params,
    begin: (previous, now, step) => previousOf(previous, now as P, step, stageLength),
    input: (previous) => ({ previous: frozen(student, previous, "stage before") }),
  };
}
