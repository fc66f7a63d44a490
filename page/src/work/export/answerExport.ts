import { exportLoss, type TargetName } from "@pushforward/export";
import { type LossName, losses } from "@pushforward/losses";
import { answerQuestions } from "../answerQuestions.ts";

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
};

/** The functions of the worker that writes losses for other frameworks. */
export type ExportAnswers = typeof answers;

answerQuestions(answers);
