import { type FigureName, type ObservedTraining, observedSeries } from "@pushforward/training";
import { type Bin, groupSteps, type StepGroup } from "../curves.ts";

/** Most points of a drawn line: one for every four pixels. */
const mostBins = 90;

/** Values of a series, of all batches and seeds, in bins of steps; values that are not finite are left out. */
export function observedGroups({ seeds }: ObservedTraining, figure: FigureName, series: string): StepGroup[] {
  const points = seeds
    .flatMap((seed) => observedSeries(seed, figure, series))
    .flatMap(({ step, values }) => values.map((value) => ({ step, value })))
    .sort((a, b) => a.step - b.step);
  const columns = { steps: points.map(({ step }) => step), values: points.map(({ value }) => value) };
  return groupSteps(columns, mostBins).map(({ step, values }) => ({ step, values: values.filter(Number.isFinite) }));
}

/** Medians and deciles of bins; NaN in a bin without finite values. */
export const observedBins = (training: ObservedTraining, figure: FigureName, series: string): Bin[] =>
  observedGroups(training, figure, series).map(({ step, values }) => {
    const sorted = [...values].sort((a, b) => a - b);
    return { step, low: quantileOf(sorted, 0.1), middle: quantileOf(sorted, 0.5), high: quantileOf(sorted, 0.9) };
  });

/** A quantile of sorted numbers, by straight lines between neighbours: few seeds have few numbers. NaN of none. */
export function quantileOf(sorted: readonly number[], quantile: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = quantile * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (at - Math.floor(at)) * (high - low);
}
