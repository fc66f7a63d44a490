import type { Answers, Question, Reply } from "./ask.svelte.ts";
import type { Answer } from "./panes.ts";
import { scope } from "./scope.ts";

/** Answers the questions of `startAsking` by functions of their names; an error becomes the sentence of its message. */
export const answerQuestions =
  (answers: Answers): Answer =>
  async ({ number, name, input }: Question): Promise<void> => {
    try {
      scope.postMessage({ number, result: await answers[name](input as never) } satisfies Reply);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      scope.postMessage({ number, problem } satisfies Reply);
    }
  };
