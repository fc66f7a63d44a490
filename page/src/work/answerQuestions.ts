import type { Answers, Question, Reply } from "./ask.svelte.ts";
import { scope } from "./scope.ts";

/** Answers the questions of `startAsking` by functions of their names from now on; an error becomes the sentence of its message. */
export function answerQuestions(answers: Answers): void {
  scope.onmessage = async ({ data }: { readonly data: Question }) => {
    const { number, name, input } = data;
    try {
      scope.postMessage({ number, result: await answers[name](input as never) } satisfies Reply);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      scope.postMessage({ number, problem } satisfies Reply);
    }
  };
}
