import { mustBe, ShapeError } from "@pushforward/tensor";
import type { PairedDifference } from "../judging/pairedDifference.ts";
import { type Spread, spreadOf } from "../judging/spread.ts";
import {
  isInThird,
  type ObservedSeed,
  type ObservedTraining,
  observedSeries,
  observedSteps,
  type TrainingThird,
  thirdsOf,
} from "./observedTraining.ts";
import { middleOf, timeCells, triangleCells } from "./probes.ts";
import { seedDifference, seedNumbers } from "./seedNumbers.ts";

/** Names of the lengths t − s: below 1/3, below 2/3, and above. */
export const spanNames = ["short", "medium", "long"] as const;

/** Name of a length t − s. */
export type SpanName = (typeof spanNames)[number];

/** The error of the map in a third of the training, for lengths t − s of one kind. */
export interface ErrorPart {
  readonly third: TrainingThird;
  readonly span: SpanName;
  /** One per training that has errors, in their order. */
  readonly trainings: readonly PartialError[];
}

/** The error of a training in a part. */
export interface PartialError {
  readonly name: string;
  /** Root mean squares over cells and observations, one per seed. */
  readonly error: Spread;
  /** Paired by seed with the first training; absent for the first, and where no seed has both errors. */
  readonly difference?: PairedDifference;
}

/** Cells of a map (s, t) with s < t, by the length t − s: on the diagonal every map is exact. */
const cellsOf = (span: SpanName): number[] =>
  triangleCells
    .filter(([row, column]) => {
      const length = middleOf(column) - middleOf(row);
      return length > 0 && spanNames[Math.floor(3 * length)] === span;
    })
    .map(([row, column]) => row * timeCells + column);

/** The root mean square over cells and observed steps of a third; undefined without observations. */
function errorOf(seed: ObservedSeed, third: TrainingThird, cells: readonly number[]): number | undefined {
  const maps = observedSeries(seed, "times", "error").filter(({ step }) => isInThird(third, step));
  if (maps.length === 0) return undefined;
  const wrong = maps.find(({ values }) => values.length !== timeCells ** 2);
  if (wrong)
    throw new ShapeError(
      `errorParts: the errors at step ${wrong.step} must be [${timeCells ** 2}], one per cell of s and t, got [${wrong.values.length}]`,
    );
  const squares = maps.flatMap(({ values }) => cells.map((cell) => values[cell] ** 2));
  return Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / squares.length);
}

/**
 * Where and when the maps of trainings differ from the exact map: root mean squares of the observed errors ‖Φ − exact Φ‖ by thirds of
 * the training and by t − s, with differences from the first training.
 *
 * @param trainings the first one is the base; trainings without errors are left out
 * @returns         parts of the first third from short to long spans, then of the second third …
 * @throws DTypeError for anything but trainings, ShapeError for errors that are no map of all cells
 */
export function errorParts(trainings: readonly ObservedTraining[]): ErrorPart[] {
  mustBe("errorParts", "the trainings", trainings, "list");
  for (const training of trainings) mustBe("errorParts", "seeds of a training", training?.seeds, "list");
  const observed = trainings.filter(({ seeds }) =>
    seeds.some((seed) => observedSeries(seed, "times", "error").length > 0),
  );
  return thirdsOf(observedSteps(observed)).flatMap((third) =>
    spanNames.map((span) => ({ third, span, trainings: partialErrors(observed, third, cellsOf(span)) })),
  );
}

function partialErrors(
  trainings: readonly ObservedTraining[],
  third: TrainingThird,
  cells: readonly number[],
): PartialError[] {
  const all = trainings.map(({ name, seeds }) => ({
    name,
    errors: seedNumbers(seeds, (seed) => errorOf(seed, third, cells)),
  }));
  return all.flatMap(({ name, errors }, i) => {
    const error = spreadOf([...errors.values()]);
    const difference = i === 0 ? undefined : seedDifference(all[0].errors, errors);
    return error ? [{ name, error, ...(difference ? { difference } : {}) }] : [];
  });
}
