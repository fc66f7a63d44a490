import { exportLoss, exportProgram, type TargetName } from "@pushforward/export";
import { programToSvg, restOfProgram, stopLabel } from "@pushforward/training";
import type { TangentChoice } from "../../microscope/microscopeState.ts";
import { answerQuestions } from "../answerQuestions.ts";
import { lossOf } from "../recipeOf.ts";
import { type StepperQuestion, steppedProgram } from "../stepper/steppedProgram.ts";
import { targetProgram } from "./targetProgram.ts";

/** A loss of the registry without some of its stop-gradients. */
export interface ExportedLoss {
  readonly loss: string;
  readonly withoutStops: readonly string[];
  readonly to: TargetName;
}

/** The target of a loss along a tangent. */
interface ExportedTarget {
  readonly loss: string;
  readonly tangent: TangentChoice;
  readonly to: TargetName;
}

const answers = {
  /** Source of a loss for another framework. */
  exportLoss: async ({ loss, withoutStops, to }: ExportedLoss): Promise<string> =>
    exportLoss(await lossOf(loss), { to, withoutStops }),
  /** Source of the function `f` of the stepper's inputs. */
  exportSteps: async ({ question, to }: { question: StepperQuestion; to: TargetName }): Promise<string> =>
    exportProgram((await steppedProgram(question)).instance.program, to, { name: "f" }).text,
  /** Source of the function `target` of a loss along a tangent. */
  exportTarget: async ({ loss, tangent, to }: ExportedTarget): Promise<string> =>
    exportProgram(targetProgram(await lossOf(loss), tangent), to, { name: "target" }).text,
  /** Drawing of the stepper's program: a formula equation by equation, a loss in parts. */
  async drawSteps({ question, title }: { question: StepperQuestion; title: string }): Promise<string> {
    const { program } = (await steppedProgram(question)).instance;
    const stops = program.equations.map(stopLabel).filter((label) => label !== undefined);
    return programToSvg(program, { title, expand: question.kind === "formula" ? [restOfProgram, ...stops] : [] });
  },
};

/** The functions of the worker that writes losses and programs for other frameworks, and draws programs. */
export type ExportAnswers = typeof answers;

answerQuestions(answers);
