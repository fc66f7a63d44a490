import { averageVelocityNetwork, type OptimizerState } from "@pushforward/nn";
import { foldIn, key, mul, reshape, type Tree } from "@pushforward/tensor";
import { learnsWeights } from "../recipeTraits.ts";
import { type Setup, studentRate } from "../setup.ts";
import { streams } from "../streams.ts";
import type { Learner } from "./learner.ts";

/** A small network of the two times alone. */
const network = averageVelocityNetwork({ dim: 1, width: 32, depth: 1 });

type Params = ReturnType<typeof network.init>;

/** Parameters of ω and the memory of their optimiser. */
interface WeightState {
  readonly params: Params;
  readonly optimizer: OptimizerState<Params>;
}

/**
 * Weights e^{−ω(s, t)} of the samples, trained by the loss that they weight; null where the recipe learns none. At the start ω is 0
 * everywhere, so that all weights are 1.
 */
export function sampleWeights(setup: Setup<never>): Learner<WeightState> | null {
  const { recipe, settings, optimizerAt } = setup;
  if (!learnsWeights(recipe)) return null;
  const optimizer = optimizerAt(studentRate(setup));
  const initial = network.init(foldIn(key(settings.seed), streams.omega), { dtype: settings.dtype });
  return {
    name: "omega",
    initial: { params: initial, optimizer: optimizer.init(initial) },
    trained: ({ params }) => params,
    input: (state, trained: Tree = state.params) => ({
      omega: (s, t) => reshape(network.apply(trained as Params, mul(0, s), s, t), [-1]),
    }),
    after(state, { gradient }) {
      const [params, memory] = optimizer.update(gradient as Params, state.optimizer, state.params);
      return { params, optimizer: memory };
    },
  };
}
