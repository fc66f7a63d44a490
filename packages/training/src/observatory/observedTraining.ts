import type { FigureName } from "./figures.ts";
import type { Observation } from "./observatory.ts";

/** The observations of a training. */
export interface ObservedTraining {
  /** Name of the loss. */
  readonly name: string;
  /** One per seed. */
  readonly seeds: readonly ObservedSeed[];
}

/** The observations of a training with one seed, in the order of their steps. */
export interface ObservedSeed {
  readonly seed: number;
  readonly observations: readonly { readonly step: number; readonly figures: Observation }[];
}

/** Values of a series at an observation. A value that was not finite is NaN. */
export interface ObservedValues {
  readonly step: number;
  readonly values: readonly number[];
}

/** Values of a series of a figure in a training with one seed; observations without the series are left out. */
export const observedSeries = ({ observations }: ObservedSeed, figure: FigureName, series: string): ObservedValues[] =>
  observations.flatMap(({ step, figures }) => {
    const values = figures[figure]?.[series];
    return values ? [{ step, values: values.map((value) => value ?? Number.NaN) }] : [];
  });

/** Names of the series of a figure in all trainings, in the order of their first appearance. */
export const observedNames = (trainings: readonly ObservedTraining[], figure: FigureName): string[] => [
  ...new Set(
    trainings.flatMap(({ seeds }) =>
      seeds.flatMap(({ observations }) => observations.flatMap(({ figures }) => Object.keys(figures[figure] ?? {}))),
    ),
  ),
];

/** Steps at which any of the trainings was observed, in order. */
export const observedSteps = (trainings: readonly ObservedTraining[]): number[] =>
  [
    ...new Set(trainings.flatMap(({ seeds }) => seeds.flatMap(({ observations }) => observations.map((o) => o.step)))),
  ].sort((a, b) => a - b);

/** Names of the thirds of a training. */
export const thirdNames = ["first", "second", "last"] as const;

/** A third of the observed steps. */
export interface TrainingThird {
  readonly name: (typeof thirdNames)[number];
  /** First and last of its observed steps. */
  readonly steps: readonly [first: number, last: number];
}

/** The thirds of observed steps, of equally many steps as far as possible. With fewer than three steps some are missing. */
export const thirdsOf = (steps: readonly number[]): TrainingThird[] =>
  thirdNames.flatMap((name, third) => {
    const own = steps.filter((_, i) => Math.floor((3 * i) / steps.length) === third);
    return own.length === 0 ? [] : [{ name, steps: [own[0], own[own.length - 1]] as const }];
  });

/** Whether a step belongs to a third. */
export const isInThird = ({ steps: [first, last] }: TrainingThird, step: number): boolean =>
  first <= step && step <= last;
