import { jvp } from "@pushforward/autodiff";
import { type Critic, logisticRegression, sampleTimes, type Term, tangentRegression } from "@pushforward/losses";
import { foldIn, mean, onesLike, sub, sum, type Tensor } from "@pushforward/tensor";
import type { AppliedNetwork } from "../appliedNetwork.ts";
import { interpolateLinear, noiseLike } from "../generatorSamples.ts";
import { generatorTerm } from "../recipeTraits.ts";
import type { Setup } from "../setup.ts";
import { type AuxiliaryInput, type AuxiliaryState, alternation } from "./alternation.ts";
import type { Learner } from "./learner.ts";
import { noisedSamples } from "./noisedSamples.ts";

/** The critic, which is trained to tell data from samples of the student, or their velocities; null where the recipe has none. */
export function critic<P>(setup: Setup<P>): Learner<AuxiliaryState<P>> | null {
  const { critic: recipe } = setup.recipe;
  if (recipe === null) return null;
  const { start } = generatorTerm(setup.recipe);
  const { updates, rate } = recipe;
  return alternation(
    {
      ...{ name: "critic", stream: 1, updates, rate, startsAsTeacher: false, network: setup.auxiliary("velocity") },
      loss: (input) =>
        recipe.compares === "velocities" ? velocityLoss(recipe, input) : criticLoss(recipe, start, input),
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
function criticLoss(recipe: Critic, start: Term["start"], input: AuxiliaryInput): Tensor {
  const { t, xt } = noisedSamples(recipe, start, input);
  const real = interpolateLinear(noiseLike(input.data, input.key, 4), input.data, t);
  const logit = logitOf(input.network);
  return mean(logisticRegression(logit(real, t), logit(xt, t)));
}

/** The critic's regression of its derivatives along the velocities of samples, and along those of the student at the same points. */
function velocityLoss({ timeLaw }: Critic, { network, student, data, key }: AuxiliaryInput): Tensor {
  const { s } = sampleTimes(foldIn(key, 0), data.shape[0], timeLaw, { dtype: data.dtype as "float32" });
  const noise = noiseLike(data, key, 1);
  const xs = interpolateLinear(noise, data, s);
  const along = (v: Tensor): [Tensor, Tensor] => jvp(logitOf(network), [xs, s], [v, onesLike(s)]);
  const [value, real] = along(sub(data, noise));
  const [, fake] = along(student(xs, s, s));
  return mean(tangentRegression(real, fake, value));
}
