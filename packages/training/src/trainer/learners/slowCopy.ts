import { progressiveSteps, type Recipe } from "@pushforward/losses";
import { type EmaState, ema, type Schedule } from "@pushforward/nn";
import { DomainError, div, exp } from "@pushforward/tensor";
import { frozen } from "../appliedNetwork.ts";
import { targetDecay } from "../recipeTraits.ts";
import type { Setup } from "../setup.ts";
import type { Learner } from "./learner.ts";

/**
 * A decay that grows with the number of steps between levels: μ = emaDecay^(from/steps).
 *
 * @throws DomainError for a recipe without growing levels
 * @source Song et al. 2023, appendix C: μ(k) = exp(s₀·ln μ₀/N(k))
 */
function adaptiveDecay({ name, terms, emaDecay }: Recipe, { steps }: Pick<Setup["settings"], "steps">): Schedule {
  const law = terms.map(({ timeLaw }) => timeLaw).find((each) => each.kind === "progressiveKarras");
  if (law?.kind !== "progressiveKarras")
    throw new DomainError(
      `train: emaSchedule must be constant for ${name}, whose times are not progressiveKarras, got "adaptive"`,
    );
  return (step) => exp(div(law.from * Math.log(emaDecay), progressiveSteps(div(step, steps), law)));
}

/** The student with slowly averaged parameters, for losses that have it as their target; null where none has. */
export function slowCopy<P>({ recipe, settings, student }: Setup<P>, params: P): Learner<EmaState<P>> | null {
  const decay = targetDecay(recipe);
  if (decay === null) return null;
  const average = ema(
    recipe.emaSchedule === "adaptive" ? { decay: adaptiveDecay(recipe, settings) } : { decay, warmup: true },
  );
  return {
    name: "target",
    initial: average.init(params),
    input: (state) => ({ target: frozen(student, state.average, "slow copy") }),
    after: (state, update) => average.update(state, update.student as P),
  };
}
