import { Judge } from "@pushforward/training";
import type { StudyConfig } from "../config.ts";
import { renderStudy } from "../report/renderStudy.ts";
import type { StudiedProblem, StudyRow } from "../report/study.ts";
import { formatStudy } from "../report/studyTable.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import { environmentOf } from "./environment.ts";
import { inTurns } from "./inTurns.ts";
import { reproduce } from "./reproduce.ts";
import { baselineRows } from "./resultRows.ts";
import type { Study } from "./study.ts";
import { studyRows } from "./studyRows.ts";
import { problemOf } from "./train.ts";

/** Result of a study: as text for a terminal, and as JSON. */
export interface StudyResult {
  readonly text: string;
  readonly json: unknown;
  /** Whether a training failed. */
  readonly hasFailures: boolean;
}

/** Collects the scores of a study and writes its report. */
export async function studyResult({ folder, runs }: Study): Promise<StudyResult> {
  const { config, files, path } = folder;
  const problems = await inTurns(config.problems, (name): StudiedProblem => {
    const problem = problemOf({ data: name, heldOut: 0, seed: config.seed });
    const baselines = baselineRows(new Judge(problem, config.dtype));
    const own = runs.filter((run) => run.problem === name);
    const { description, units } = problem;
    return { name, description, units, rows: studyRows(config, own, baselines) };
  });
  const summary = problems.map(summarize).filter(Boolean).join(" ");
  writeFileAtomic(
    files.report,
    renderStudy({
      ...{ title: titleOf(config), summary, problems, config, seeds: config.seeds },
      command: reproduce(config, path),
      created: new Date().toISOString(),
      environment: environmentOf(config.backend),
    }),
  );
  const spread = config.seeds > 1 ? `, mean ± standard deviation over ${config.seeds} seeds` : "";
  const heading = `${config.steps} steps of each loss${spread}`;
  return {
    text: [
      "",
      heading,
      ...problems.map((problem) => `\n${formatStudy(problem)}`),
      "",
      summary,
      `Report: ${files.report}`,
    ].join("\n"),
    json: { run: path, report: files.report, config, problems: problems.map(problemJson) },
    hasFailures: runs.some(({ failure }) => failure !== undefined),
  };
}

const titleOf = ({ losses, problems }: StudyConfig): string =>
  `${counted(losses.length, "loss", "losses")} on ${counted(problems.length, "problem", "problems")}`;

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** Most names that a sentence lists. */
const maxListed = 8;

/** A sentence on how many losses beat the Gaussian in the last row, and which do not. */
function summarize({ name, rows }: StudiedProblem): string {
  const losses = rows.filter(({ beatsGaussianFit }) => beatsGaussianFit !== undefined);
  if (losses.length === 0) return "";
  const missed = losses.filter(({ beatsGaussianFit }) => !beatsGaussianFit).map((row) => row.name);
  const beat = `${losses.length - missed.length} of ${losses.length} losses come closer to ${name} than a ${rows[rows.length - 1].name} with every seed`;
  if (missed.length > maxListed) return `${beat}.`;
  return missed.length === 0 ? `${beat}.` : `${beat}; ${missed.join(", ")} ${missed.length === 1 ? "does" : "do"} not.`;
}

function problemJson({ name, rows }: StudiedProblem): unknown {
  const json = ({ kind: _kind, scores: figures, ...row }: StudyRow) => ({ ...row, figures });
  const of = (kind: StudyRow["kind"]) => rows.filter((row) => row.kind === kind).map(json);
  return { name, losses: of("loss"), teacher: of("teacher")[0], baselines: of("baseline") };
}
