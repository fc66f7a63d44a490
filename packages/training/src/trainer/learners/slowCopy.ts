import { type EmaState, ema } from "@pushforward/nn";
import { frozen } from "../appliedNetwork.ts";
import { targetDecay } from "../recipeTraits.ts";
import type { Setup } from "../setup.ts";
import type { Learner } from "./learner.ts";

/** The student with slowly averaged parameters, for losses that have it as their target; null where none has. */
export function slowCopy<P>({ recipe, student }: Setup<P>, params: P): Learner<EmaState<P>> | null {
  const decay = targetDecay(recipe);
  if (decay === null) return null;
  const average = ema({ decay, warmup: true });
  return {
    name: "target",
    initial: average.init(params),
    input: (state) => ({ target: frozen(student, state.average, "slow copy") }),
    after: (state, update) => average.update(state, update.student as P),
  };
}
