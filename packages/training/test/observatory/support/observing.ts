import type { Recipe } from "@pushforward/losses";
import { key, stack, type Tensor } from "@pushforward/tensor";
import {
  type FigureName,
  figures,
  makeTrainer,
  parseTrainingSettings,
  type Trainer,
  type TrainingSettings,
} from "../../../src/index.ts";
import { batchCount, batchKey, batchRows } from "../../../src/observatory/batches.ts";
import type { ExactValues } from "../../../src/observatory/exactValues.ts";
import { type Observed, observed } from "../../../src/observatory/observed.ts";
import { probePoints } from "../../../src/observatory/probes.ts";
import { drawTerm } from "../../../src/trainer/recipeLoss.ts";
import { affineNetworks } from "./affineNetwork.ts";
import { law, problem } from "./diagonalGaussian.ts";
import type { HandNetwork } from "./handGradients.ts";

/** The training of an affine network on the diagonal Gaussian in float64. */
export function affineTrainer(recipe: Recipe, { params, base }: HandNetwork, settings: Partial<TrainingSettings> = {}) {
  const all = parseTrainingSettings({ steps: 4, batch: 12, dtype: "float64", ...settings });
  return makeTrainer(recipe, problem, all, { makeNetwork: affineNetworks(params, base) }) as unknown as Trainer;
}

/** The exact values of an observation in closed form. */
export function closedForm(trainer: Trainer, random: Tensor): ExactValues {
  const { xs, s, t } = probePoints(trainer, random);
  const batches = trainer.recipe.terms.map(({ loss, fraction }, i) => {
    if (fraction === 0) return null;
    return stack(
      Array.from({ length: batchCount }, (_, k) => {
        const { at, input } = trainer.open(trainer.initial, null, batchKey(random, k), batchRows(trainer));
        const { xs: points, times } = drawTerm(trainer.recipe, i, input(at))!;
        return law.averageVelocity(points, times.s, loss.learns === "velocity" ? times.s : times.t);
      }),
    );
  });
  return { batches, probes: law.averageVelocity(xs, s, t) };
}

/** An observation of the initial state with exact values in closed form. */
export const observing = (trainer: Trainer, random: Tensor = key(5)): Observed =>
  observed({
    ...{ trainer, state: trainer.initial, teacher: null, key: random },
    exact: closedForm(trainer, random),
  });

/** Values of a figure before they are finished, as plain numbers. */
export const valuesOf = (of: Observed, name: FigureName): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(figures[name].measure(of)).map(([series, x]: [string, Tensor]) => [series, [...x.dataSync()]]),
  );
