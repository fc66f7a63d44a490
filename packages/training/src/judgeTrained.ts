import type { VelocityField } from "@pushforward/flows";
import type { Recipe } from "@pushforward/losses";
import { mustBe } from "@pushforward/tensor";
import { Judge } from "./judging/judge.ts";
import type { Scores } from "./judging/metrics.ts";
import { checkProblem } from "./problems/checkProblem.ts";
import { diagonalOf } from "./samplers.ts";
import type { TrainedFlow } from "./train.ts";
import type { AppliedNetwork } from "./trainer/appliedNetwork.ts";
import { learnsDiagonal } from "./trainer/recipeTraits.ts";

/** How far samples of a training are from points that it never saw: one step of a flow map, the solved ODE of a velocity. */
export function judgeTrained(trained: TrainedFlow<unknown>): Scores {
  mustBe("judgeTrained", "the finished training", trained, "object");
  const { recipe, problem, settings, network, sample } = trained;
  mustBe("judgeTrained", "recipe of the finished training", recipe, "object");
  mustBe("judgeTrained", "network of the finished training", network, "function");
  checkProblem("judgeTrained", problem);
  const judge = new Judge(problem, settings.dtype);
  const velocity = judgedVelocity(recipe, network);
  return velocity ? judge.velocityScores(velocity) : judge.scores(sample);
}

/** The velocity by whose solved ODE a training is judged: its network, or the diagonal of its network; undefined for a flow map. */
export function judgedVelocity(recipe: Recipe, network: AppliedNetwork): VelocityField | undefined {
  if (recipe.network === "velocity") return network;
  return learnsDiagonal(recipe) ? diagonalOf(network) : undefined;
}
