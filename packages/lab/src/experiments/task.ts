import { Judge, type Problem } from "@pushforward/training";
import type { TrainConfig } from "../config.ts";
import { loadSources } from "../sources/readSources.ts";
import type { Display } from "../training/trainingRun.ts";
import { candidateOf } from "./candidate.ts";
import { resultRow } from "./resultRows.ts";
import { writeScores } from "./scoresFile.ts";
import { ensureRun, finishTraining, problemKey, problemOf } from "./train.ts";

/** A training that another process may do. */
export interface Task {
  readonly path: string;
  /** Settings of the run; the folder is made with them if it does not exist. */
  readonly config: TrainConfig;
  /** Whether the trained network is also judged; then its scores are written into the folder. */
  readonly isScored: boolean;
}

/** Does the rest of a training. */
export async function perform({ path, config, isScored }: Task, display: Display): Promise<void> {
  await loadSources(config.sources);
  const folder = ensureRun(path, config);
  const problem = sharedProblem(config);
  const { student } = await finishTraining(folder, display, problem);
  if (!isScored) return;
  const judge = sharedJudge(problem, config.dtype);
  writeScores(folder.files.scores, {
    ...resultRow(candidateOf(student), judge),
    stepsPerSecond: student.stepsPerSecond,
  });
}

/** Problems that this process has made, by their keys. */
const problems = new Map<string, Problem>();

/** The problem of a training, made once in each process. */
function sharedProblem(config: TrainConfig): Problem {
  const name = problemKey(config);
  const problem = problems.get(name) ?? problemOf(config);
  problems.set(name, problem);
  return problem;
}

const judges = new WeakMap<Problem, Map<string, Judge>>();

/** The judge of a problem, which computes the exact flow map once in each process. */
function sharedJudge(problem: Problem, dtype: TrainConfig["dtype"]): Judge {
  const known = judges.get(problem) ?? new Map<string, Judge>();
  const judge = known.get(dtype) ?? new Judge(problem, dtype);
  judges.set(problem, known.set(dtype, judge));
  return judge;
}
