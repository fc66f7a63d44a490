import { exportLoss, exportProgram, type TargetName } from "@pushforward/export";
import { type LossName, losses } from "@pushforward/losses";
import { programToSvg, restOfProgram, stopLabel } from "@pushforward/training";
import type { TangentChoice } from "../../microscope/microscopeState.ts";
import { answerQuestions } from "../answerQuestions.ts";
import { type StepperQuestion, steppedProgram } from "../stepper/steppedProgram.ts";
import { targetProgram } from "./targetProgram.ts";

/** A loss of the registry without some of its stop-gradients. */
export interface ExportedLoss {
  readonly loss: string;
  readonly withoutStops: readonly string[];
  readonly to: TargetName;
}

const answers = {
  /** Source of a loss for another framework. */
  exportLoss: ({ loss, withoutStops, to }: ExportedLoss): string =>
    exportLoss(losses[loss as LossName], { to, withoutStops }),
  /** Source of the function `f` of the stepper's inputs. */
  exportSteps: ({ question, to }: { question: StepperQuestion; to: TargetName }): string =>
    exportProgram(steppedProgram(question).instance.program, to, { name: "f" }).text,
  /** Source of the function `target` of a loss along a tangent. */
  exportTarget: ({ loss, tangent, to }: { loss: string; tangent: TangentChoice; to: TargetName }): string =>
    exportProgram(targetProgram(losses[loss as LossName], tangent), to, { name: "target" }).text,
  /** Drawing of the stepper's program: a formula equation by equation, a loss in parts. */
  drawSteps({ question, title }: { question: StepperQuestion; title: string }): string {
    const { program } = steppedProgram(question).instance;
    const stops = program.equations.map(stopLabel).filter((label) => label !== undefined);
    return programToSvg(program, { title, expand: question.kind === "formula" ? [restOfProgram, ...stops] : [] });
  },
};

/** The functions of the worker that writes losses and programs for other frameworks, and draws programs. */
export type ExportAnswers = typeof answers;

answerQuestions(answers);
