import { type Alternation, logisticRegression, type Term } from "@pushforward/losses";
import { mean, sum, type Tensor } from "@pushforward/tensor";
import type { AppliedNetwork } from "../appliedNetwork.ts";
import { interpolateLinear, noiseLike } from "../generatorSamples.ts";
import { generatorTerm } from "../recipeTraits.ts";
import type { Setup } from "../setup.ts";
import { type AuxiliaryInput, type AuxiliaryState, alternation } from "./alternation.ts";
import type { Learner } from "./learner.ts";
import { noisedSamples } from "./noisedSamples.ts";

/** The critic, which is trained to tell data from samples of the student; null where the recipe has none. */
export function critic<P>(setup: Setup<P>): Learner<AuxiliaryState<P>> | null {
  const { critic: recipe } = setup.recipe;
  if (recipe === null) return null;
  const { start } = generatorTerm(setup.recipe);
  const { updates, rate } = recipe;
  return alternation(
    {
      ...{ name: "critic", stream: 1, updates, rate, startsAsTeacher: false, network: setup.auxiliary("velocity") },
      loss: (input) => criticLoss(recipe, start, input),
      input: (network) => ({ critic: logitOf(network) }),
    },
    setup,
  );
}

/** A critic's logit [batch]: the sum of a network's outputs, as many as coordinates. */
const logitOf =
  (network: AppliedNetwork) =>
  (x: Tensor, t: Tensor, ...conditions: Tensor[]): Tensor =>
    sum(network(x, t, ...conditions), -1);

/** The critic's logistic regression of noised data against noised samples. */
function criticLoss(recipe: Alternation, start: Term["start"], input: AuxiliaryInput): Tensor {
  const { t, xt } = noisedSamples(recipe, start, input);
  const real = interpolateLinear(noiseLike(input.data, input.key, 4), input.data, t);
  const logit = logitOf(input.network);
  return mean(logisticRegression(logit(real, t), logit(xt, t)));
}
