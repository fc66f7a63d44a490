import { type Recipe, variantName } from "@pushforward/losses";
import { type Sampler, samplerOf } from "@pushforward/training";
import { mainLoss } from "../sources/source.ts";
import { trainedRecipe } from "../training/trainedRecipe.ts";
import type { TrainedRun } from "../training/trainingRun.ts";
import { trainedName } from "./stops.ts";

/** A training that is judged: a row of the results. */
export interface Candidate {
  /** Name of the loss, or of its variant without some stop-gradients. */
  readonly name: string;
  readonly run: TrainedRun;
  readonly recipe: Recipe;
  readonly sampler: Sampler;
}

/** A training with its recipe and its sampler. */
export function candidateOf(run: TrainedRun): Candidate {
  const { loss, withoutStops, sources } = run.folder.config;
  const recipe = trainedRecipe(run.folder.config);
  const name = sources
    ? variantName({ name: loss, stops: mainLoss(recipe).stops }, withoutStops)
    : trainedName(loss, withoutStops);
  return { name, run, recipe, sampler: samplerOf(recipe, run.network) };
}
