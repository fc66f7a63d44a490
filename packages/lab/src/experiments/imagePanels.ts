import { fromData, type Tensor } from "@pushforward/tensor";
import {
  type AppliedNetwork,
  type Classes,
  type Judge,
  type PointSet,
  type Problem,
  sampleCount,
  samplerOf,
  thinPoints,
  withLabels,
} from "@pushforward/training";
import { type ImagePanel, type SamplePanel, solvedColumn } from "../report/report.ts";
import type { Candidate } from "./candidate.ts";
import { inTurns } from "./inTurns.ts";
import { originalUnits } from "./originalUnits.ts";

/** Pictures of a class in a row, most classes that are shown, and pictures without labels: at most 200 of 4096 bytes in a grid. */
const [picturesOfClass, shownClasses, shownPictures] = [10, 20, 50];

/**
 * Points as grids of pictures: ten of each class, or some.
 *
 * @param panels points in the units of the data; point i of all sets has the label of the held-out point i
 */
export function imagePanels({ image, classes }: Problem, panels: readonly SamplePanel[]): ImagePanel[] {
  const places = classes && shownPlaces(classes);
  const rows = places?.flatMap((place) => place.rows);
  return panels.map(({ name, points }) => ({
    name,
    pixels: rows ? rowsOf(points, rows) : thinPoints(points, shownPictures),
    ...image!,
    ...(places ? { rows: places.map((place) => place.name) } : {}),
  }));
}

/**
 * The rows of samples that show each class: sample i has the label of the held-out point i. A class with few points shows some again, and one
 * without points is left out.
 */
function shownPlaces({
  names,
  heldOut,
}: Classes): readonly { readonly name: string; readonly rows: readonly number[] }[] {
  const drawn = heldOut.subarray(0, sampleCount);
  const places = names.flatMap((name, place) => {
    const own = Array.from(drawn.keys()).filter((i) => drawn[i] === place);
    if (own.length === 0) return [];
    return [{ name, rows: Array.from({ length: picturesOfClass }, (_, i) => own[i % own.length]) }];
  });
  return places.slice(0, shownClasses);
}

/** Some rows of points. */
const rowsOf = (points: PointSet, rows: readonly number[]): PointSet => interleaved(rows.map((row) => [points, row]));

/** Rows of several sets of points one after the other. */
function interleaved(rows: readonly (readonly [points: PointSet, row: number])[]): PointSet {
  const { dim } = rows[0][0];
  const values = new Float64Array(rows.length * dim);
  for (const [place, [points, row]] of rows.entries()) {
    for (let i = 0; i < dim; i++) values[place * dim + i] = points.values[row * dim + i];
  }
  return { values, dim };
}

/** Steps of a sampler, by columns, and rows of noise: at most one for each class. */
const [drawnSteps, drawnRows] = [[1, 2, 4, 8], 10];

/** The maps whose pictures are drawn. */
interface DrawnMaps {
  readonly problem: Problem;
  readonly judge: Judge;
  readonly teacher: Candidate | undefined;
  readonly students: readonly Candidate[];
}

/**
 * Samples of each map by the number of evaluations, from the same noise: a row for each of the first classes, a column for each number, and the
 * teacher's solution of its ODE beside them. Samplers that cannot take a number of steps have fewer columns.
 */
export async function imageStepPanels({ problem, judge, teacher, students }: DrawnMaps): Promise<ImagePanel[]> {
  const names = problem.classes?.names.slice(0, drawnRows);
  const noise = judge.noise(names?.length ?? drawnRows);
  const labels = names && fromData(Int32Array.from(names.keys()), [names.length], "int32");
  const bound = (network: AppliedNetwork): AppliedNetwork => (labels ? withLabels(network, labels) : network);
  const solved = teacher && {
    name: solvedColumn,
    points: originalUnits(problem, judge.solve(bound(teacher.run.network), noise)),
  };
  return inTurns([...students, ...(teacher ? [teacher] : [])], (candidate) => {
    const columns = [...columnsOf(candidate, problem, bound, noise), ...(solved ? [solved] : [])];
    const cells = Array.from({ length: noise.shape[0] }, (_, row) =>
      columns.map(({ points }) => [points, row] as const),
    );
    return {
      name: candidate.name,
      pixels: interleaved(cells.flat()),
      ...problem.image!,
      ...(names ? { rows: names } : {}),
      columns: columns.map(({ name }) => name),
    };
  });
}

/** Samples by the number of evaluations that were counted: some samplers have a largest or a fixed number. */
function columnsOf(
  { recipe, run }: Candidate,
  problem: Problem,
  bound: (network: AppliedNetwork) => AppliedNetwork,
  noise: Tensor,
): SamplePanel[] {
  const columns = new Map<string, SamplePanel>();
  for (const steps of drawnSteps) {
    let evaluations = 0;
    const counted: AppliedNetwork = (x, ...times) => {
      evaluations++;
      return bound(run.network)(x, ...times);
    };
    const points = originalUnits(problem, samplerOf(recipe, counted)(noise, steps));
    const name = String(evaluations);
    columns.set(name, { name, points });
  }
  return [...columns.values()];
}
