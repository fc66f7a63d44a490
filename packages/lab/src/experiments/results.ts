import { cpus } from "node:os";
import { trajectory } from "@pushforward/flows";
import { losses } from "@pushforward/losses";
import { fromData, type Tensor } from "@pushforward/tensor";
import type { CompareConfig, TrainConfig } from "../config.ts";
import { type Figures, Judge, samplerOf } from "../evaluation.ts";
import { countPoints, type PointSet, thinPoints } from "../metrics/pointSet.ts";
import { type Problem, pointsOf } from "../problems/problem.ts";
import { renderReport } from "../report/renderReport.ts";
import type {
  CurvePanel,
  Formula,
  ImagePanel,
  Report,
  ResultRow,
  SamplePanel,
  TrajectoryPanel,
} from "../report/report.ts";
import { formatTable } from "../report/table.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import { readMetrics } from "../run/metricsLog.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { objectiveOf } from "../training/objectives.ts";
import type { TrainedRun } from "../training/trainingRun.ts";
import type { Comparison } from "./compare.ts";
import { reproduce } from "./reproduce.ts";
import type { TrainedExperiment } from "./train.ts";

/** What a run found: for a person, for a program, and as a page. */
export interface Result {
  readonly rows: readonly ResultRow[];
  readonly summary: string;
  readonly report: string;
  readonly json: unknown;
}

/** One judged training. */
interface Judged {
  readonly name: string;
  readonly run: TrainedRun;
}

/** Points shown in a scatter plot, paths shown of the teacher, and pictures in a grid. */
const shown = { points: 1500, paths: 60, images: 48 };

/** Judges a comparison, writes its report and returns the figures. */
export function compareResult({ folder, problem, teacher, students }: Comparison): Result {
  const judged = Object.entries(students).map(([name, run]) => ({ name, run }));
  return result(folder, problem, { name: "teacher", run: teacher }, judged);
}

/** Judges a single training, writes its report and returns the figures. */
export function trainResult({ folder, problem, student, teacher }: TrainedExperiment): Result {
  const judged = [{ name: folder.config.loss, run: student }];
  const isTeacher = folder.config.loss === "teacher";
  const taught = teacher && { name: "teacher", run: teacher };
  return result(folder, problem, isTeacher ? judged[0] : taught, isTeacher ? [] : judged);
}

function result(
  folder: RunFolder<TrainConfig | CompareConfig>,
  problem: Problem,
  teacher: Judged | undefined,
  students: readonly Judged[],
): Result {
  const { config, files } = folder;
  const judge = new Judge(problem, config.dtype);
  const figuresOf = ({ name, run }: Judged): Figures =>
    judge.figures(samplerOf(objectiveOf(name, config), run.network));
  const rows: ResultRow[] = [
    ...students.map((student): ResultRow => ({ ...rowOf(student, "loss", config.steps), ...figuresOf(student) })),
    ...(teacher
      ? [{ ...rowOf(teacher, "teacher", config.teacherSteps), ...judge.teacherFigures(teacher.run.network) }]
      : []),
    { name: "Gaussian fit", kind: "baseline", ...judge.gaussianFit() },
  ];
  const summary = summarize(rows, problem);
  const page = makeReport({ folder, problem, judge, teacher, students, rows, summary });
  writeFileAtomic(files.report, renderReport(page));
  const beaten = rows.filter(({ kind }) => kind === "loss");
  const gaussian = rows[rows.length - 1];
  const json = {
    run: folder.path,
    report: files.report,
    config,
    results: rows,
    beatsGaussianFit: Object.fromEntries(
      beaten.map((row) => [row.name, row.energyDistance! < gaussian.energyDistance!]),
    ),
  };
  return { rows, summary, report: files.report, json };
}

const rowOf = ({ name, run }: Judged, kind: ResultRow["kind"], steps: number): ResultRow => ({
  name,
  kind,
  steps,
  seconds: run.seconds,
});

/** The finding in a sentence or two. */
function summarize(rows: readonly ResultRow[], problem: Problem): string {
  const trained = rows.filter(({ kind }) => kind === "loss");
  const gaussian = rows.find(({ kind }) => kind === "baseline")!;
  if (trained.length === 0) return `The velocity of ${problem.name}, learnt by flow matching.`;
  const best = trained.reduce((a, b) => (b.energyDistance! < a.energyDistance! ? b : a));
  const better = trained.filter((row) => row.energyDistance! < gaussian.energyDistance!).length;
  const how =
    trained.length === 1 ? (better === 1 ? "beats" : "does not beat") : `${better} of ${trained.length} losses beat`;
  return `One step of ${best.name} has energy distance ${best.energyDistance!.toPrecision(2)} to held-out points of ${problem.name}; the Gaussian fit has ${gaussian.energyDistance!.toPrecision(2)}${trained.length === 1 ? `: ${best.name} ${how} it.` : `, which ${how}.`}`;
}

/** The result as a person reads it in a terminal. */
export const describeResult = ({ rows, summary, report }: Result): string =>
  `\n${formatTable(rows)}\n\n${summary}\nReport: ${report}\n`;

interface ReportInput {
  readonly folder: RunFolder<TrainConfig | CompareConfig>;
  readonly problem: Problem;
  readonly judge: Judge;
  readonly teacher: Judged | undefined;
  readonly students: readonly Judged[];
  readonly rows: readonly ResultRow[];
  readonly summary: string;
}

function makeReport(input: ReportInput): Report {
  const { folder, problem, students, rows, summary } = input;
  const { config } = folder;
  const names = config.kind === "compare" ? config.losses : [config.loss];
  return {
    title: `${names.join(", ")} on ${problem.name}`,
    summary,
    command: reproduce(config),
    created: new Date().toISOString(),
    environment: {
      Pushforward: "0.1.0",
      Node: process.versions.node,
      processor: `${cpus()[0]?.model ?? "unknown"} (${cpus().length} threads)`,
      backend: "reference",
      seed: String(config.seed),
    },
    problem: { name: problem.name, description: problem.description, facts: problem.facts },
    config,
    formulas: students.flatMap(({ name }) => formulaOf(name)),
    results: rows,
    samples: problem.dim === 2 ? samplePanels(input) : undefined,
    trajectories: problem.dim === 2 ? trajectoryPanels(input) : undefined,
    curves: curvePanels(input),
    images: problem.image ? imagePanels(input) : undefined,
  };
}

function formulaOf(name: string): Formula[] {
  if (!Object.hasOwn(losses, name)) return [];
  const { label, formula, paper } = losses[name as keyof typeof losses];
  return [{ name: label, latex: formula, ...(paper ? { paper } : {}) }];
}

/** One-step samples in the units of the data. */
function samplesOf({ problem, judge, folder }: ReportInput, student: Judged): Tensor {
  const sampler = samplerOf(objectiveOf(student.name, folder.config), student.run.network);
  return problem.toOriginal(sampler(judge.noise(), 1).cast("float64"));
}

const heldOutInOriginal = ({ problem }: ReportInput): PointSet =>
  originalPoints(problem, thinPoints(problem.heldOut, shown.points));

function originalPoints(problem: Problem, points: PointSet): PointSet {
  const x = fromData(Float64Array.from(points.values), [countPoints(points), points.dim]);
  return pointsOf(problem.toOriginal(x));
}

function samplePanels(input: ReportInput): SamplePanel[] {
  const panels = input.students.map((student) => ({
    name: student.name,
    points: thinPoints(pointsOf(samplesOf(input, student)), shown.points),
  }));
  return [{ name: "held-out data", points: heldOutInOriginal(input) }, ...panels];
}

function trajectoryPanels(input: ReportInput): TrajectoryPanel[] {
  const { teacher, students, judge, problem, folder } = input;
  if (!teacher) return [];
  const noise = judge.noise(shown.paths);
  const states = trajectory(teacher.run.network, noise, 0, 1, { solver: "rk4", steps: 30 }).states;
  const original = (x: Tensor): Float64Array => Float64Array.from(problem.toOriginal(x.cast("float64")).dataSync());
  const places = Array.from({ length: states.shape[0] }, (_, i) => original(states.slice(i)));
  const paths = Array.from({ length: shown.paths }, (_, row) => ({
    values: places.flatMap((all) => [all[2 * row], all[2 * row + 1]]),
    dim: 2,
  }));
  const start: PointSet = { values: original(noise), dim: 2 };
  const arrowed = students.map((student) => {
    const sampler = samplerOf(objectiveOf(student.name, folder.config), student.run.network);
    return { name: student.name, paths, arrows: { from: start, to: { values: original(sampler(noise, 1)), dim: 2 } } };
  });
  return [{ name: "teacher", paths }, ...arrowed];
}

function curvePanels({ students, teacher }: ReportInput): CurvePanel[] {
  const all = [...students, ...(teacher ? [teacher] : [])];
  const series = all.map(({ name, run }) => {
    const records = readMetrics(run.folder.files.metrics);
    return {
      name,
      steps: records.map(({ step }) => step),
      values: records.map(({ loss }) => (typeof loss === "number" ? loss : Number.NaN)),
    };
  });
  return [{ title: "Training loss", series }];
}

function imagePanels(input: ReportInput): ImagePanel[] {
  const { problem, students } = input;
  const { width, height, range } = problem.image!;
  const panel = (name: string, points: PointSet): ImagePanel => ({
    name,
    pixels: thinPoints(points, shown.images),
    width,
    height,
    range,
  });
  return [
    panel("held-out data", heldOutInOriginal(input)),
    ...students.map((student) => panel(student.name, pointsOf(samplesOf(input, student)))),
  ];
}
