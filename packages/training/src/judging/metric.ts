import type { Problem } from "../problems/problem.ts";
import type { PointSet } from "./pointSet.ts";

/** The sets of points that a metric may compare. Rows of `exactMap`, `oneStep` and `fourSteps` correspond. */
export interface ComparedPoints {
  /** Points of the data that training never sees. */
  readonly heldOut: PointSet;
  /** Samples to be judged: made in one step, or by solving an ODE. */
  readonly samples: PointSet;
  /** The noise, carried to the data by the exact flow map. */
  readonly exactMap: PointSet;
  /** The same noise, carried to the data by the sampler in one step. */
  readonly oneStep: PointSet;
  /** The same noise, carried to the data by the sampler in four steps. */
  readonly fourSteps: PointSet;
  /** Classes that the samples were made for, as places, [n, 1]. */
  readonly askedClasses: PointSet;
  /** Classes that a classifier gives the samples, row for row, [n, 1]. */
  readonly sampleClasses: PointSet;
  /** Features of the samples, of samples in four steps and of held-out points, in a classifier, [n, width]. */
  readonly sampleFeatures: PointSet;
  readonly fourStepFeatures: PointSet;
  readonly heldOutFeatures: PointSet;
}

/** The unit of a metric: the unit of the problem's data, nats, or a pure number. */
export type MetricUnit = "data" | "nats" | "none";

/** A number that says how good a sampler is. The table of all is metrics.ts. */
export interface Metric<Need extends keyof ComparedPoints = keyof ComparedPoints> {
  /** Heading of its column: "energy distance". */
  readonly title: string;
  /** A whole sentence for reports and docs that says what it is. */
  readonly meaning: string;
  /** The definition as LaTeX. */
  readonly formula: string;
  readonly unit: MetricUnit;
  /** The direction in which samplers become better. */
  readonly better: "smaller" | "larger";
  /** The points that it compares; a sampler or a problem that lacks one of them gets no score. */
  readonly needs: readonly Need[];
  /** The problems that it is computed for, in words and as a test. Default: all problems. */
  readonly where?: { readonly words: string; holds(problem: Problem): boolean };
  /** The score; only the points named in `needs` are in scope. */
  of(points: Pick<ComparedPoints, Need>): number;
}

/** A metric whose `of` sees no other points than `needs` lists: the compiler refuses the rest. */
export const defineMetric = <const Need extends keyof ComparedPoints>(metric: Metric<Need>): Metric => metric;

/** Whether a score ranks before another one; a score that is not a number ranks before none. */
export const isBetterScore = ({ better }: Pick<Metric, "better">, score: number, other: number): boolean =>
  better === "smaller" ? score < other : score > other;
