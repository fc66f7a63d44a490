import { mustBe } from "@pushforward/tensor";
import { Judge } from "./judging/judge.ts";
import type { Scores } from "./judging/metrics.ts";
import { checkProblem } from "./problems/checkProblem.ts";
import { diagonalOf } from "./samplers.ts";
import type { TrainedFlow } from "./train.ts";
import { learnsDiagonal } from "./trainer/recipeTraits.ts";

/** How far samples of a training are from points that it never saw: one step of a flow map, the solved ODE of a velocity. */
export function judgeTrained(trained: TrainedFlow<unknown>): Scores {
  mustBe("judgeTrained", "the finished training", trained, "object");
  const { recipe, problem, settings, network, sample } = trained;
  mustBe("judgeTrained", "recipe of the finished training", recipe, "object");
  mustBe("judgeTrained", "network of the finished training", network, "function");
  checkProblem("judgeTrained", problem);
  const judge = new Judge(problem, settings.dtype);
  if (recipe.network === "velocity") return judge.velocityScores(network);
  return learnsDiagonal(recipe) ? judge.velocityScores(diagonalOf(network)) : judge.scores(sample);
}
