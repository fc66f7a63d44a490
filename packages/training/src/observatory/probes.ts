import type { AverageVelocity } from "@pushforward/flows";
import { foldIn, mean, normal, reshape, sqrt, squaredNorm, type Tensor, tensor } from "@pushforward/tensor";
import { drawPoints } from "../problems/checkProblem.ts";
import type { Problem } from "../problems/problem.ts";
import { interpolateLinear } from "../trainer/generatorSamples.ts";
import { studentOf } from "../trainer/recipeLoss.ts";
import { observationStreams } from "../trainer/streams.ts";
import type { Trainer } from "../trainer/trainer.ts";
import { exactFlowOf, learnsFlowOfProblem } from "./exactFlowOf.ts";
import type { Observed } from "./observed.ts";

/** Cells of a map over (s, t) in each direction. */
export const timeCells = 16;

/** Points in each cell. */
const pointsPerCell = 2;

/** The cells with s ≤ t as [row of s, column of t], row by row. */
export const triangleCells: readonly (readonly [number, number])[] = Array.from({ length: timeCells }, (_, row) =>
  Array.from({ length: timeCells - row }, (_, i) => [row, row + i] as const),
).flat();

/** The middle of a cell: a time. */
export const middleOf = (cell: number): number => (cell + 0.5) / timeCells;

/** Points X_s of the problem at the times of all cells, cell by cell, two points in each. */
export interface ProbePoints {
  /** [probes, dim] */
  readonly xs: Tensor;
  /** [probes, 1] */
  readonly s: Tensor;
  readonly t: Tensor;
}

/** The map of a training at points of all cells. */
export interface Probes extends ProbePoints {
  /** The student as an average velocity. */
  readonly u: AverageVelocity;
  /** The velocity that moves the points: exact, of the teacher, or of the student's own diagonal u(x, s, s). */
  readonly v: (x: Tensor, t: Tensor) => Tensor;
}

/** Times of all probes as a column. */
const columnOf = (which: 0 | 1, dtype: "float32" | "float64"): Tensor =>
  tensor(
    triangleCells.flatMap((cell) => Array.from({ length: pointsPerCell }, () => [middleOf(cell[which])])),
    { dtype },
  );

/** Points X_s of a problem from two streams, one for each time, [times, dim]. */
export function pointsOfTimes(
  problem: Problem,
  key: Tensor,
  { noise, data }: { readonly noise: number; readonly data: number },
  s: Tensor,
): Tensor {
  const [n] = s.shape;
  const dtype = s.dtype as "float32";
  const from = normal(foldIn(key, noise), [n, problem.dim], { dtype });
  return interpolateLinear(from, drawPoints(problem, foldIn(key, data), n, dtype), s);
}

/** The points of all cells. */
export function probePoints(
  {
    problem,
    settings: { dtype },
  }: { readonly problem: Problem; readonly settings: Pick<Trainer["settings"], "dtype"> },
  key: Tensor,
): ProbePoints {
  const [s, t] = [columnOf(0, dtype), columnOf(1, dtype)];
  return { xs: pointsOfTimes(problem, key, observationStreams.probes, s), s, t };
}

/** The points of all cells with the map and the velocity of an observed state. */
export function probesOf({ trainer, state, teacher, key }: Observed): Probes {
  const { at, input } = trainer.open(state, teacher, key, 1);
  const given = input(at);
  const u = studentOf(trainer.recipe, given);
  const known = exactFlowOf(trainer)?.velocity ?? (learnsFlowOfProblem(trainer) ? given.teacher : undefined);
  const v = known ?? ((x: Tensor, t: Tensor) => u(x, t, t));
  return { ...probePoints(trainer, key), u, v: v as Probes["v"] };
}

/** The mean of values [probes] over the points of every cell, [cells with s ≤ t]. */
const meanOfCells = (values: Tensor): Tensor => mean(reshape(values, [triangleCells.length, pointsPerCell]), 1);

/** √ of the mean of ‖y‖² over the points of every cell. */
export const sizeInCells = (y: Tensor): Tensor => sqrt(meanOfCells(squaredNorm(y)));

/** A map of all cells from values of the cells with s ≤ t. */
export function squareMap(values: readonly number[]): number[] {
  const map: number[] = Array.from({ length: timeCells ** 2 }, () => Number.NaN);
  for (const [i, [row, column]] of triangleCells.entries()) map[row * timeCells + column] = values[i];
  return map;
}
