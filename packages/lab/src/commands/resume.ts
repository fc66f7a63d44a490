import { availableParallelism } from "node:os";
import type { Command } from "commander";
import type { CompareConfig, TrainConfig } from "../config.ts";
import { parseRunConfig } from "../config.ts";
import { finishComparison } from "../experiments/compare.ts";
import type { ProgressMessage } from "../experiments/processes.ts";
import { compareResult, describeResult, trainResult } from "../experiments/results.ts";
import { finishTraining } from "../experiments/train.ts";
import { openRun, type RunFolder } from "../run/runFolder.ts";
import { print, printJson } from "./output.ts";

/** Tells the process that started this one how far it is. */
const onProgress = (done: number): void => void process.send?.({ done } satisfies ProgressMessage);

/** `pushforward resume <folder>` */
export function addResume(program: Command): void {
  program
    .command("resume")
    .argument("<folder>", "folder of a run that was interrupted")
    .option("--json", "print JSON alone on standard output")
    .description("Go on with a run from its last checkpoint; it ends with the same bits as an unbroken one.")
    .option("--train-only", "train to the end without judging or reporting")
    .action(async (path: string, options: { json?: boolean; trainOnly?: boolean }) => {
      const folder = openRun(path, parseRunConfig);
      const display = { isQuiet: options.json === true, ...(process.send ? { onProgress } : {}) };
      if (options.trainOnly && folder.config.kind === "train") {
        finishTraining(folder as RunFolder<TrainConfig>, display);
        process.disconnect?.();
        return;
      }
      const result =
        folder.config.kind === "compare"
          ? compareResult(await finishComparison(folder as RunFolder<CompareConfig>, display, availableParallelism()))
          : trainResult(finishTraining(folder as RunFolder<TrainConfig>, display));
      if (options.json) printJson(result.json);
      else print(describeResult(result));
    });
}
