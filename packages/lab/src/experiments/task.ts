import { Judge, type Problem } from "@pushforward/training";
import type { TrainConfig } from "../config.ts";
import type { Display } from "../training/trainingRun.ts";
import { writeFigures } from "./figuresFile.ts";
import { judgedOf, judgedRow } from "./judged.ts";
import { ensureRun, finishTraining, problemKey, problemOf } from "./train.ts";

/** A training that may be done by another process. */
export interface Task {
  readonly path: string;
  /** What the folder will hold if it does not yet. */
  readonly config: TrainConfig;
  /** Whether it is judged as well, with the figures in its folder. */
  readonly isJudged: boolean;
}

/** Does what is left of a training. */
export async function perform({ path, config, isJudged }: Task, display: Display): Promise<void> {
  const folder = ensureRun(path, config);
  const problem = sharedProblem(config);
  const { student } = await finishTraining(folder, display, problem);
  if (!isJudged) return;
  const judge = sharedJudge(problem, config.dtype);
  writeFigures(folder.files.figures, {
    ...judgedRow(judgedOf(student), judge),
    stepsPerSecond: student.stepsPerSecond,
  });
}

/** Problems that this process has made, by what decides them. */
const problems = new Map<string, Problem>();

/** The problem of a training, made once in each process. */
export function sharedProblem(config: TrainConfig): Problem {
  const name = problemKey(config);
  const problem = problems.get(name) ?? problemOf(config);
  problems.set(name, problem);
  return problem;
}

const judges = new WeakMap<Problem, Map<string, Judge>>();

/** The judge of a problem, which solves its exact map once in each process. */
export function sharedJudge(problem: Problem, dtype: TrainConfig["dtype"]): Judge {
  const known = judges.get(problem) ?? new Map<string, Judge>();
  const judge = known.get(dtype) ?? new Judge(problem, dtype);
  judges.set(problem, known.set(dtype, judge));
  return judge;
}
