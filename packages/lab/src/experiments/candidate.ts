import type { Recipe } from "@pushforward/losses";
import { type Sampler, samplerOf } from "@pushforward/training";
import { trainedRecipe } from "../training/trainedRecipe.ts";
import type { TrainedRun } from "../training/trainingRun.ts";
import { trainedName } from "./stops.ts";

/** A training that is judged: a row of the results. */
export interface Candidate {
  /** Name of the loss, or of its variant. */
  readonly name: string;
  readonly run: TrainedRun;
  readonly recipe: Recipe;
  readonly sampler: Sampler;
}

/** A training with its recipe and its sampler. */
export function candidateOf(run: TrainedRun): Candidate {
  const recipe = trainedRecipe(run.folder.config);
  return { name: trainedName(run.folder.config), run, recipe, sampler: samplerOf(recipe, run.network) };
}
