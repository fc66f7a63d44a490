import { trajectory, type VelocityField } from "@pushforward/flows";
import { struckFormula } from "@pushforward/losses";
import type { Tensor } from "@pushforward/tensor";
import {
  countPoints,
  describeNetwork,
  type Judge,
  type PointSet,
  type Problem,
  thinPoints,
} from "@pushforward/training";
import type { CompareConfig, TrainConfig } from "../config.ts";
import type { CurvePanel, Formula, Report, ResultRow, SamplePanel, TrajectoryPanel } from "../report/report.ts";
import { type MetricsRecord, readMetrics } from "../run/metricsLog.ts";
import type { RunFolder } from "../run/runFolder.ts";
import type { Candidate } from "./candidate.ts";
import { environmentOf } from "./environment.ts";
import { imagePanels, imageStepPanels } from "./imagePanels.ts";
import { inTurns } from "./inTurns.ts";
import { observationsOf } from "./observationsOf.ts";
import { dataPoints, originalUnits } from "./originalUnits.ts";
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

/** Points in a scatter plot, and paths of the teacher. */
const drawnCounts = { points: 1500, paths: 60 };

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
    ...(problem.image ? await pictures(input) : {}),
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

/** Named samples in the units of the data: one step of each loss, and solutions of the teacher's ODE. */
async function generatedSamples({ problem, judge, teacher, converged }: ReportInput): Promise<SamplePanel[]> {
  const noise = judge.noise();
  return [
    ...(await inTurns(converged, ({ name, sampler }) => ({ name, points: originalUnits(problem, sampler(noise, 1)) }))),
    ...(teacher ? [{ name: teacher.name, points: originalUnits(problem, judge.solve(teacher.run.network)) }] : []),
  ];
}

/** Scatter plots with equal numbers of points, so that their densities are comparable. */
async function samplePanels(input: ReportInput): Promise<SamplePanel[]> {
  const data = dataPoints(input.problem, input.problem.training, input.problem.heldOut);
  const count = Math.min(drawnCounts.points, countPoints(data));
  const panels = [{ name: "data", points: data }, ...(await generatedSamples(input))];
  return panels.map(({ name, points }) => ({ name, points: thinPoints(points, count) }));
}

/** Pictures of held-out points and of samples, and the same noise in several numbers of evaluations. */
async function pictures(input: ReportInput): Promise<Pick<Report, "images" | "imageSteps">> {
  const { problem, judge, teacher, converged } = input;
  const panels = [
    { name: "held-out data", points: dataPoints(problem, problem.heldOut) },
    ...(await generatedSamples(input)),
  ];
  return {
    images: imagePanels(problem, panels),
    imageSteps: await imageStepPanels({ problem, judge, teacher, students: converged }),
  };
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
