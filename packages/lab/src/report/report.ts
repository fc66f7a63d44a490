import type {
  ImageShape,
  Metric,
  ObservedTraining,
  PairedDifference,
  PointSet,
  Scores,
  Spread,
} from "@pushforward/training";

/** Content of a report as plain data; {@link renderReport} turns it into one HTML page. */
export interface Report {
  readonly title: string;
  /** The main result, in a sentence or two. */
  readonly summary: string;
  /** The command that reproduces the run. */
  readonly command: string;
  /** Time of writing, ISO 8601. */
  readonly created: string;
  /** Versions, processor, seed … by name. */
  readonly environment: Readonly<Record<string, string>>;
  readonly problem: ProblemDescription;
  /** The validated configuration: plain JSON. */
  readonly config: unknown;
  readonly formulas?: readonly Formula[];
  readonly results: readonly ResultRow[];
  /** How losses differ from the first, seed by seed. */
  readonly differences?: readonly Difference[];
  /** The seed whose samples and paths are drawn, if the results are of several. */
  readonly drawnSeed?: number;
  /** Scatter plots in the plane: the data, then one-step samples of each loss. */
  readonly samples?: readonly SamplePanel[];
  readonly trajectories?: readonly TrajectoryPanel[];
  readonly curves?: readonly CurvePanel[];
  /** Held-out pictures, then pictures that maps generate. */
  readonly images?: readonly ImagePanel[];
  /** Pictures that maps generate from the same noise, a column for each number of evaluations. */
  readonly imageSteps?: readonly ImagePanel[];
  /** The observations inside the trainings; the first one is the base of comparisons. */
  readonly observations?: readonly ObservedTraining[];
}

export type { ObservedTraining } from "@pushforward/training";

/** The problem of a report. */
export interface ProblemDescription {
  readonly name: string;
  readonly description: string;
  /** Unit of the metrics, in words: "in data units". */
  readonly units?: string;
  /** Names of the two axes of the plane. */
  readonly axes?: readonly [string, string];
  /** Rows, columns, standardisation … by name. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** A loss as a formula. */
export interface Formula {
  /** The formula has the colour of the result with this name. */
  readonly name: string;
  /** Heading. Default: the name. */
  readonly label?: string;
  readonly latex: string;
  /** A sentence below the formula. */
  readonly note?: string;
  /** The command that trains this loss alone. */
  readonly command?: string;
  /** Publication. */
  readonly paper?: { readonly cite: string; readonly arxiv?: string };
}

/** One line of the results. A score that does not exist is left out; a score that is not finite reads "diverged". */
export interface ResultRow extends Scores {
  /** Panels of the same name have the colour of this row. */
  readonly name: string;
  /** A trained loss competes for the best score; teachers and baselines are there for comparison. */
  readonly kind: "loss" | "teacher" | "baseline";
  /** Optimiser steps. */
  readonly steps?: number;
  /** Wall time of the training, in s. */
  readonly seconds?: number;
  /** How its samples were made, unless in one step. */
  readonly samplesBy?: "solving its ODE";
  /** Updates per second; compilation is excluded. */
  readonly stepsPerSecond?: number;
  /** Spreads over seeds by key, whose means the row has; absent for a single seed. */
  readonly spreads?: { readonly [key: string]: Spread };
  /** How its scores differ from those of other rows: a sentence that follows the name and a colon. */
  readonly note?: string;
}

/** How a loss differs from another one in a metric, seed by seed. */
export interface Difference extends PairedDifference {
  readonly name: string;
  /** Name of the other loss. */
  readonly base: string;
  readonly metric: Pick<Metric, "title" | "better">;
}

/** A scatter plot. */
export interface SamplePanel {
  readonly name: string;
  /** [n, 2] */
  readonly points: PointSet;
}

/** Curves through the plane and straight arrows over them. */
export interface TrajectoryPanel {
  readonly name: string;
  /** The teacher's paths from noise to data, each [steps + 1, 2]. */
  readonly paths: readonly PointSet[];
  /** The one-step map from the same noise, row for row, [n, 2] each. */
  readonly arrows?: { readonly from: PointSet; readonly to: PointSet };
}

/** Values over the steps of a training, on a logarithmic axis; a value that is not positive and finite leaves a gap. */
export interface CurvePanel {
  readonly title: string;
  readonly series: readonly CurveSeries[];
}

/** One line of a {@link CurvePanel}. */
export interface CurveSeries {
  readonly name: string;
  /** Optimiser steps, not decreasing; values of the same step are those of several seeds. */
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Name of the column of pictures that solves the ODE of the teacher. */
export const solvedColumn = "ODE";

/** A grid of pictures. */
export interface ImagePanel extends ImageShape {
  readonly name: string;
  /** One picture per row, its pixels line by line, [n, width·height·channels]. */
  readonly pixels: PointSet;
  /** Names of the rows: the classes of pictures with labels. */
  readonly rows?: readonly string[];
  /** Names of the columns; default ten columns without names. */
  readonly columns?: readonly string[];
}
