import { type FigureName, type ObservedTraining, observedSeries } from "@pushforward/training";

/** The values of a series at one step: one number for each of its places. */
export interface PooledStep {
  readonly step: number;
  readonly values: readonly number[];
}

/** The mean of numbers; NaN if one is NaN, or there is none. */
export const meanOver = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/**
 * A series of a training at every observed step, pooled over its seeds place by place.
 *
 * @param pool a number for the numbers of the seeds
 */
export function pooledSteps(
  { seeds }: ObservedTraining,
  figure: FigureName,
  series: string,
  pool: (numbers: readonly number[]) => number = meanOver,
): PooledStep[] {
  const all = seeds.flatMap((seed) => observedSeries(seed, figure, series));
  const steps = [...new Set(all.map(({ step }) => step))].sort((a, b) => a - b);
  return steps.map((step) => {
    const own = all.filter((each) => each.step === step);
    return { step, values: own[0].values.map((_, place) => pool(own.map(({ values }) => values[place]))) };
  });
}
