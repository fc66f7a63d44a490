import { examples } from "virtual:examples";
import { answerQuestions } from "../answerQuestions.ts";

const answers = {
  /** Runs an example of a guide; the result is the text that it prints. */
  async run(name: string): Promise<string> {
    const lines: string[] = [];
    console.log = (...values: unknown[]) => lines.push(values.join(" "));
    await examples[name]();
    return lines.join("\n");
  },
};

/** The functions of the worker that runs examples. */
export type ExampleAnswers = typeof answers;

answerQuestions(answers);
