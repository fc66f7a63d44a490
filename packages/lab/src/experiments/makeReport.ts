import { cpus } from "node:os";
import { trajectory, type VelocityField } from "@pushforward/flows";
import { printFormula } from "@pushforward/losses";
import { fromData, type Tensor } from "@pushforward/tensor";
import {
  countPoints,
  type Judge,
  type PointSet,
  type Problem,
  pointsOf,
  thinPoints,
  widthOf,
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
import { readMetrics } from "../run/metricsLog.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { version } from "../version.ts";
import { inTurns } from "./inTurns.ts";
import type { Judged } from "./judged.ts";
import { reproduce, shownData } from "./reproduce.ts";
import { registered, trainedName } from "./stops.ts";

/** What a report is made of. */
export interface ReportInput {
  readonly folder: RunFolder<TrainConfig | CompareConfig>;
  readonly problem: Problem;
  readonly judge: Judge;
  readonly teacher: Judged | undefined;
  /** All losses, and those that have a network to show. */
  readonly students: readonly Judged[];
  readonly converged: readonly Judged[];
  readonly rows: readonly ResultRow[];
  readonly summary: string;
}

/** Points shown in a scatter plot, paths shown of the teacher, and pictures in a grid. */
const shown = { points: 1500, paths: 60, images: 50 };

/** Gathers everything that a report shows. */
export async function makeReport(input: ReportInput): Promise<Report> {
  const { folder, problem, students, rows, summary } = input;
  const { config, path } = folder;
  const names = config.kind === "compare" ? config.losses : [config.loss];
  const isPlane = problem.dim === 2;
  const network = `${config.depth} hidden layers of ${widthOf(config, problem.dim)}, ${config.activation}`;
  return {
    title: `${names.map((name) => trainedName(name, config.withoutStops)).join(", ")} on ${problem.name}`,
    summary,
    command: reproduce(config, path),
    created: new Date().toISOString(),
    environment: {
      Pushforward: version,
      Node: process.versions.node,
      processor: `${cpus()[0]?.model ?? "unknown"} (${cpus().length} threads)`,
      backend: whereItRan(input),
      seed: String(config.seed),
    },
    problem: {
      name: problem.name,
      description: problem.description,
      units: problem.units,
      ...(isPlane ? { axes: [problem.columns[0], problem.columns[1]] as const } : {}),
      facts: { ...problem.facts, network },
    },
    config: { ...config, data: shownData(config.data) },
    formulas: students.flatMap(formulaOf),
    results: rows,
    ...(isPlane ? { samples: await samplePanels(input), trajectories: await trajectoryPanels(input) } : {}),
    curves: curvePanels(input),
    ...(problem.image ? { images: await imagePanels(input, problem.image) } : {}),
  };
}

/** The backend, and the GPU that it found. */
function whereItRan({ folder, students, teacher }: ReportInput): string {
  const used = [...students, ...(teacher ? [teacher] : [])].flatMap(({ run }) => run.device ?? []);
  return used.length === 0 ? folder.config.backend : `${folder.config.backend} on ${[...new Set(used)].join(" and ")}`;
}

/** The formula of what was trained: without the stop-gradients that were switched off. */
function formulaOf({ name, run }: Judged): Formula[] {
  const { loss: lossName, withoutStops } = run.folder.config;
  const loss = registered(lossName);
  if (!loss) return [];
  const { label, markedFormula, paper } = loss;
  const latex = printFormula(markedFormula, withoutStops);
  return [{ name, label: name === lossName ? label : `${label} (${name})`, latex, ...(paper ? { paper } : {}) }];
}

const originalUnits = (problem: Problem, x: Tensor): PointSet => pointsOf(problem.toOriginal(x.cast("float64")));

/** Named samples in the units of the data: one step of each loss, the teacher's ODE solved. */
async function generated({ problem, judge, teacher, converged }: ReportInput): Promise<SamplePanel[]> {
  const noise = judge.noise();
  return [
    ...(await inTurns(converged, ({ name, sampler }) => ({ name, points: originalUnits(problem, sampler(noise, 1)) }))),
    ...(teacher ? [{ name: teacher.name, points: originalUnits(problem, judge.solve(teacher.run.network)) }] : []),
  ];
}

/** Rows of the data in their own units. */
function real(problem: Problem, ...sets: readonly PointSet[]): PointSet {
  const values = Float64Array.from(sets.flatMap((set) => Array.from(set.values)));
  return originalUnits(problem, fromData(values, [values.length / problem.dim, problem.dim]));
}

/** As many points in every picture, so that they compare. */
async function samplePanels(input: ReportInput): Promise<SamplePanel[]> {
  const data = real(input.problem, input.problem.training, input.problem.heldOut);
  const count = Math.min(shown.points, countPoints(data));
  const panels = [{ name: "data", points: data }, ...(await generated(input))];
  return panels.map(({ name, points }) => ({ name, points: thinPoints(points, count) }));
}

async function imagePanels(input: ReportInput, image: NonNullable<Problem["image"]>): Promise<ImagePanel[]> {
  const panels = [
    { name: "held-out data", points: real(input.problem, input.problem.heldOut) },
    ...(await generated(input)),
  ];
  return panels.map(({ name, points }) => ({ name, pixels: thinPoints(points, shown.images), ...image }));
}

async function trajectoryPanels({ teacher, converged, judge, problem }: ReportInput): Promise<TrajectoryPanel[]> {
  const velocity = teacher?.run.network ?? problem.exact?.velocity;
  if (!velocity) return [];
  const noise = judge.noise(shown.paths);
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

/** The way of every row of noise along a velocity, in the units of the data. */
function pathsOf(problem: Problem, velocity: VelocityField, noise: Tensor): PointSet[] {
  const { states } = trajectory(velocity, noise, 0, 1, { solver: "rk4", steps: 30 });
  const places = Array.from({ length: states.shape[0] }, (_, i) => originalUnits(problem, states.slice(i)).values);
  return Array.from({ length: noise.shape[0] }, (_, row) => ({
    values: places.flatMap((all) => [all[2 * row], all[2 * row + 1]]),
    dim: 2,
  }));
}

/** Losses in one figure, and the teacher in another: its values are of another size. */
function curvePanels({ students, teacher }: ReportInput): CurvePanel[] {
  const series = ({ name, run }: Judged) => {
    const records = readMetrics(run.folder.files.metrics);
    return {
      name,
      steps: records.map(({ step }) => step),
      values: records.map(({ loss }) => (typeof loss === "number" ? loss : Number.NaN)),
    };
  };
  return [
    ...(students.length > 0 ? [{ title: "Losses", series: students.map(series) }] : []),
    ...(teacher ? [{ title: "Teacher: flow matching", series: [series(teacher)] }] : []),
    ...lagPanels(students),
  ];
}

/** For students whose samples' own velocity learns along: by how much it lags, as a share of what is left to learn. */
function lagPanels(students: readonly Judged[]): CurvePanel[] {
  const series = students.flatMap(({ name, run }) => {
    const known = readMetrics(run.folder.files.metrics).flatMap(({ step, fakeLag, fakeGap }) =>
      typeof fakeLag === "number" && typeof fakeGap === "number" ? [{ step, share: fakeLag / fakeGap }] : [],
    );
    const [steps, values] = [known.map(({ step }) => step), known.map(({ share }) => share)];
    return known.length > 0 ? [{ name, steps, values }] : [];
  });
  return series.length > 0 ? [{ title: "Lag of the samples' own velocity over its gap to the teacher's", series }] : [];
}
