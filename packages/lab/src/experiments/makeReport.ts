import { trajectory, type VelocityField } from "@pushforward/flows";
import { struckFormula } from "@pushforward/losses";
import { fromData, type Tensor } from "@pushforward/tensor";
import {
  type Classes,
  countPoints,
  describeNetwork,
  type Judge,
  type PointSet,
  type Problem,
  pointsOf,
  sampleCount,
  thinPoints,
} from "@pushforward/training";
import type { CompareConfig, TrainConfig } from "../config.ts";
import type {
  CurvePanel,
  Formula,
  ImagePanel,
  Report,
  ResultRow,
  SamplePanel,
  TrajectoryPanel,
} from "../report/report.ts";
import { type MetricsRecord, readMetrics } from "../run/metricsLog.ts";
import type { RunFolder } from "../run/runFolder.ts";
import type { Candidate } from "./candidate.ts";
import { environmentOf } from "./environment.ts";
import { inTurns } from "./inTurns.ts";
import { observationsOf } from "./observationsOf.ts";
import { displayData, displayLabels, reproduce } from "./reproduce.ts";
import { lossOf, switchedOff } from "./stops.ts";

/** Input of {@link makeReport}. */
export interface ReportInput {
  readonly folder: RunFolder<TrainConfig | CompareConfig>;
  readonly problem: Problem;
  readonly judge: Judge;
  readonly teacher: Candidate | undefined;
  /** All losses, and those whose training did not diverge. */
  readonly students: readonly Candidate[];
  readonly converged: readonly Candidate[];
  readonly rows: readonly ResultRow[];
  readonly summary: string;
  /** Paths of metrics.jsonl of all seeds, by the name of a row; without it each row has the log of its run. */
  readonly logs?: Readonly<Record<string, readonly string[]>>;
}

/** Points in a scatter plot, paths of the teacher, and pictures in a grid. */
const drawnCounts = { points: 1500, paths: 60, images: 50 };

/** Collects the content of a report. */
export async function makeReport(input: ReportInput): Promise<Report> {
  const { folder, problem, students, teacher, rows, summary } = input;
  const { config, path } = folder;
  const isPlane = problem.dim === 2 && problem.columns.length === 2;
  const network = describeNetwork(config, problem);
  const logsOf = logReader(input);
  return {
    title: `${(students.length > 0 ? students : [teacher!]).map(({ name }) => name).join(", ")} on ${problem.name}`,
    summary,
    command: reproduce(config, path),
    created: new Date().toISOString(),
    environment: { ...environmentOf(backendWords(input)), seed: String(config.seed) },
    problem: {
      name: problem.name,
      description: problem.description,
      units: problem.units,
      ...(isPlane ? { axes: [problem.columns[0], problem.columns[1]] as const } : {}),
      facts: { ...problem.facts, network },
    },
    config: {
      ...config,
      data: displayData(config.data),
      ...(config.labels === undefined ? {} : { labels: displayLabels(config.labels) }),
    },
    formulas: students.flatMap(formulaOf),
    results: rows,
    ...(isPlane ? { samples: await samplePanels(input), trajectories: await trajectoryPanels(input) } : {}),
    curves: curvePanels(input, logsOf),
    ...observed(input, logsOf),
    ...(problem.image ? { images: await imagePanels(input, problem.image) } : {}),
  };
}

/** The backend, and the GPU if it used one. */
function backendWords({ folder, students, teacher }: ReportInput): string {
  const used = [...students, ...(teacher ? [teacher] : [])].flatMap(({ run }) => run.device ?? []);
  return used.length === 0 ? folder.config.backend : `${folder.config.backend} on ${[...new Set(used)].join(" and ")}`;
}

/** The formula of a trained loss, with switched-off stop-gradients struck through, and the command that reproduces its training. */
function formulaOf({ name, run }: Candidate): Formula[] {
  const { config, path } = run.folder;
  const loss = lossOf(config);
  if (!loss) return [];
  const { label, markedFormula, paper } = loss;
  return [
    {
      ...{ name, label: name === loss.name ? label : `${label} (${name})` },
      ...{ latex: struckFormula(markedFormula, switchedOff(config)), command: reproduce(config, path) },
      ...(paper ? { paper } : {}),
    },
  ];
}

const originalUnits = (problem: Problem, x: Tensor): PointSet => pointsOf(problem.toOriginal(x.cast("float64")));

/** Named samples in the units of the data: one step of each loss, and solutions of the teacher's ODE. */
async function generatedSamples({ problem, judge, teacher, converged }: ReportInput): Promise<SamplePanel[]> {
  const noise = judge.noise();
  return [
    ...(await inTurns(converged, ({ name, sampler }) => ({ name, points: originalUnits(problem, sampler(noise, 1)) }))),
    ...(teacher ? [{ name: teacher.name, points: originalUnits(problem, judge.solve(teacher.run.network)) }] : []),
  ];
}

/** Rows of the data in their original units. */
function dataPoints(problem: Problem, ...sets: readonly PointSet[]): PointSet {
  const values = Float64Array.from(sets.flatMap((set) => Array.from(set.values)));
  return originalUnits(problem, fromData(values, [values.length / problem.dim, problem.dim]));
}

/** Scatter plots with equal numbers of points, so that their densities are comparable. */
async function samplePanels(input: ReportInput): Promise<SamplePanel[]> {
  const data = dataPoints(input.problem, input.problem.training, input.problem.heldOut);
  const count = Math.min(drawnCounts.points, countPoints(data));
  const panels = [{ name: "data", points: data }, ...(await generatedSamples(input))];
  return panels.map(({ name, points }) => ({ name, points: thinPoints(points, count) }));
}

async function imagePanels(input: ReportInput, image: NonNullable<Problem["image"]>): Promise<ImagePanel[]> {
  const panels = [
    { name: "held-out data", points: dataPoints(input.problem, input.problem.heldOut) },
    ...(await generatedSamples(input)),
  ];
  const { classes } = input.problem;
  const places = classes && shownPlaces(classes);
  const rows = places?.flatMap(({ rows }) => rows);
  return panels.map(({ name, points }) => ({
    name,
    pixels: rows ? rowsOf(points, rows) : thinPoints(points, drawnCounts.images),
    ...image,
    ...(places ? { classes: places.map(({ name }) => name) } : {}),
  }));
}

/** Pictures of a class in a grid, a row of ten, and most classes that are shown. */
const [picturesOfClass, shownClasses] = [10, 20];

/**
 * The rows of samples that show each class: sample i has the label of the held-out point i. A class with few points shows some again, and one
 * without points is left out.
 */
function shownPlaces({
  names,
  heldOut,
}: Classes): readonly { readonly name: string; readonly rows: readonly number[] }[] {
  const drawn = heldOut.subarray(0, sampleCount);
  return names.slice(0, shownClasses).flatMap((name, place) => {
    const own = Array.from(drawn.keys()).filter((i) => drawn[i] === place);
    if (own.length === 0) return [];
    return [{ name, rows: Array.from({ length: picturesOfClass }, (_, i) => own[i % own.length]) }];
  });
}

/** Some rows of points. */
function rowsOf({ values, dim }: PointSet, rows: readonly number[]): PointSet {
  const all = Array.from(values);
  return { values: Float64Array.from(rows.flatMap((row) => all.slice(row * dim, (row + 1) * dim))), dim };
}

async function trajectoryPanels({ teacher, converged, judge, problem }: ReportInput): Promise<TrajectoryPanel[]> {
  const velocity = teacher?.run.network ?? problem.exact?.velocity;
  if (!velocity) return [];
  const noise = judge.noise(drawnCounts.paths);
  const paths = pathsOf(problem, velocity, noise);
  const from = originalUnits(problem, noise);
  return [
    { name: teacher ? teacher.name : "exact velocity", paths },
    ...(await inTurns(converged, ({ name, sampler }) => ({
      name,
      paths,
      arrows: { from, to: originalUnits(problem, sampler(noise, 1)) },
    }))),
  ];
}

/** The path of every row of noise along a velocity, in the units of the data. */
function pathsOf(problem: Problem, velocity: VelocityField, noise: Tensor): PointSet[] {
  const { states } = trajectory(velocity, noise, 0, 1, { solver: "rk4", steps: 30 });
  const positions = Array.from({ length: states.shape[0] }, (_, i) => originalUnits(problem, states.slice(i)).values);
  return Array.from({ length: noise.shape[0] }, (_, row) => ({
    values: positions.flatMap((all) => [all[2 * row], all[2 * row + 1]]),
    dim: 2,
  }));
}

/** The lines of the logs of a training, one log for each seed. */
type LogsOf = (candidate: Candidate) => readonly MetricsRecord[][];

/** Reads logs, each once: lines with observations are long. */
function logReader({ logs }: ReportInput): LogsOf {
  const known = new Map<string, MetricsRecord[][]>();
  return ({ name, run }) => {
    const found = known.get(name) ?? (logs?.[name] ?? [run.folder.files.metrics]).map((file) => readMetrics(file));
    known.set(name, found);
    return found;
  };
}

/** The lines of the logs of a training with all its seeds, by step. */
type RecordsOf = (candidate: Candidate) => MetricsRecord[];

/** The observations inside the trainings of the losses; nothing without any. */
function observed({ students, folder }: ReportInput, logsOf: LogsOf): Pick<Report, "observations"> {
  const observations = students.flatMap((candidate) => {
    const seeded = logsOf(candidate).map((records, i) => ({ seed: folder.config.seed + i, records }));
    return observationsOf(candidate.name, seeded) ?? [];
  });
  return observations.length === 0 ? {} : { observations };
}

/** The curves of all losses in one plot, and the curve of the teacher in another, since its values have another scale. */
function curvePanels({ students, teacher }: ReportInput, logsOf: LogsOf): CurvePanel[] {
  const recordsOf: RecordsOf = (candidate) =>
    logsOf(candidate)
      .flat()
      .sort((a, b) => a.step - b.step);
  const series = (candidate: Candidate) => {
    const { name } = candidate;
    const records = recordsOf(candidate);
    return {
      name,
      steps: records.map(({ step }) => step),
      values: records.map(({ loss }) => (typeof loss === "number" ? loss : Number.NaN)),
    };
  };
  return [
    ...(students.length > 0 ? [{ title: "Losses", series: students.map(series) }] : []),
    ...(teacher ? [{ title: "Teacher: flow matching", series: [series(teacher)] }] : []),
    ...lagPanels(students, recordsOf),
  ];
}

/** For students with an auxiliary network for the velocity of their samples: its lag, as a fraction of the gap to the teacher's velocity. */
function lagPanels(students: readonly Candidate[], recordsOf: RecordsOf): CurvePanel[] {
  const series = students.flatMap((candidate) => {
    const { name } = candidate;
    const known = recordsOf(candidate).flatMap(({ step, fakeLag, fakeGap }) =>
      typeof fakeLag === "number" && typeof fakeGap === "number" ? [{ step, fraction: fakeLag / fakeGap }] : [],
    );
    const [steps, values] = [known.map(({ step }) => step), known.map(({ fraction }) => fraction)];
    return known.length > 0 ? [{ name, steps, values }] : [];
  });
  return series.length > 0
    ? [{ title: "Lag of the velocity of the samples, over its gap to the teacher's velocity", series }]
    : [];
}
