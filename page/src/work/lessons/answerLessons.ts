import { answerQuestions } from "../answerQuestions.ts";
import { type Outcome, tasks } from "./tasks.ts";

const answers = {
  /** Whether the state of a pane solves a task. */
  check: ({ task, link }: { readonly task: string; readonly link: string }): Outcome | Promise<Outcome> =>
    tasks[task](link),
};

/** The functions of the worker that checks tasks. */
export type LessonAnswers = typeof answers;

answerQuestions(answers);
