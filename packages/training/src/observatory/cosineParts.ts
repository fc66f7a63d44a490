import { mustBe } from "@pushforward/tensor";
import type { PairedDifference } from "../judging/pairedDifference.ts";
import { type Spread, spreadOf } from "../judging/spread.ts";
import { asTrained } from "./estimators.ts";
import {
  isInThird,
  type ObservedSeed,
  type ObservedTraining,
  observedNames,
  observedSeries,
  observedSteps,
  type TrainingThird,
  thirdsOf,
} from "./observedTraining.ts";
import { type SeedNumbers, seedDifference, seedNumbers } from "./seedNumbers.ts";

/** The direction of an estimator of the gradient in a third of a training. */
export interface CosinePart {
  readonly third: TrainingThird;
  /** Name of the estimator. */
  readonly estimator: string;
  /** Means over batches and observations of the cosine to the gradient of the true error, one per seed. */
  readonly cosine: Spread;
  /** Minus the paired difference from the gradient as trained, so that below 0 is better; absent for the gradient as trained. */
  readonly difference?: PairedDifference;
}

/** Mean cosine of an estimator in a third; undefined without observations. */
function cosineOf(seed: ObservedSeed, third: TrainingThird, estimator: string): number | undefined {
  const own = observedSeries(seed, "trueCosine", estimator).filter(({ step }) => isInThird(third, step));
  const cosines = own.flatMap(({ values }) => values);
  return cosines.length === 0 ? undefined : cosines.reduce((sum, x) => sum + x, 0) / cosines.length;
}

/** Cosines with the opposite sign. */
const negated = (cosines: SeedNumbers): SeedNumbers => new Map([...cosines].map(([seed, cosine]) => [seed, -cosine]));

/**
 * Which gradient points best, and when: mean cosines of the angle to the gradient of the true error by thirds of the training and by
 * estimator of the gradient.
 *
 * @returns parts of the first third by estimator, then of the second third …; empty for a training without these cosines
 * @throws DTypeError for anything but a training
 */
export function cosineParts(training: ObservedTraining): CosinePart[] {
  mustBe("cosineParts", "seeds of the training", training?.seeds, "list");
  const names = observedNames([training], "trueCosine");
  if (names.length === 0) return [];
  return thirdsOf(observedSteps([training])).flatMap((third) => {
    const cosinesOf = (estimator: string): SeedNumbers =>
      seedNumbers(training.seeds, (seed) => cosineOf(seed, third, estimator));
    const base = negated(cosinesOf(asTrained));
    return names.flatMap((estimator): CosinePart[] => {
      const cosines = cosinesOf(estimator);
      const cosine = spreadOf([...cosines.values()]);
      if (!cosine) return [];
      const difference = estimator === asTrained ? undefined : seedDifference(base, negated(cosines));
      return [{ third, estimator, cosine, ...(difference ? { difference } : {}) }];
    });
  });
}
