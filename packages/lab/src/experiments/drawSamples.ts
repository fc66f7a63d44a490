import { concat, full, key, normal, type Tensor } from "@pushforward/tensor";
import { inChunks, type Problem, type Sampler, samplerOf, usualLabels, withLabels } from "@pushforward/training";
import type { TrainConfig } from "../config.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { trainedRecipe } from "../training/trainedRecipe.ts";
import { trainedNetwork } from "./train.ts";

/** The samples that a run draws. */
export interface DrawnSamples {
  /** Samples, or samples of each class. */
  readonly count: number;
  /** Evaluations of the network for each sample. */
  readonly steps: number;
  /** Seed of the noise. */
  readonly seed: number;
  /** Places of the classes that are drawn one after the other; default all classes mixed, as frequent as in the data. */
  readonly classes?: readonly number[];
  /** Scale of the guidance, for networks that take it; default that of the run. */
  readonly guidance?: number;
}

/**
 * Samples of a run in the units of its data, [samples, columns]. Every class starts from the same noise: sample i of two classes differs by the
 * label alone.
 *
 * @throws DomainError if the run has no checkpoint yet
 */
export function drawSamples(folder: RunFolder<TrainConfig>, problem: Problem, drawn: DrawnSamples): Tensor {
  const { count, steps, seed, classes, guidance } = drawn;
  const recipe = trainedRecipe(folder.config);
  const network = trainedNetwork(folder, problem);
  /** Labels of n samples; undefined leaves labels and guidance to the network. */
  const labelsOf = (place: number | undefined, n: number): Tensor | undefined => {
    if (place !== undefined) return full([n], place, { dtype: "int32" });
    return problem.classes && guidance !== undefined ? usualLabels(problem.classes, n) : undefined;
  };
  const samplerOfClass = (place: number | undefined): Sampler =>
    inChunks((noise, evaluations) => {
      const labels = labelsOf(place, noise.shape[0]);
      return samplerOf(recipe, labels ? withLabels(network, labels, guidance) : network)(noise, evaluations);
    });
  const noise = normal(key(seed), [count, problem.dim], { dtype: folder.config.dtype });
  const samples = (classes ?? [undefined]).map((place) => samplerOfClass(place)(noise, steps));
  return problem.toOriginal(concat(samples, 0).cast("float64"));
}
