import { DomainError } from "@pushforward/tensor";
import { type Command, Option } from "commander";
import type { CompareConfig, TrainConfig } from "../config.ts";
import { parseRunConfig } from "../config.ts";
import { finishComparison } from "../experiments/compare.ts";
import type { ProgressMessage } from "../experiments/processes.ts";
import { compareResult, describeResult, type Result, trainResult } from "../experiments/results.ts";
import { finishTraining } from "../experiments/train.ts";
import { openRun, type RunFolder } from "../run/runFolder.ts";
import type { Display } from "../training/trainingRun.ts";
import { jobsOf, withJobs } from "./jobs.ts";
import { print, printJson } from "./output.ts";

/**
 * Trains for the process that started this one, which judges and reports: tells it how far the training is, and ends with
 * it, since nobody would wait for the result.
 */
async function trainSupervised(folder: RunFolder<TrainConfig>): Promise<void> {
  const stop = (): never => process.exit(1);
  process.once("disconnect", stop);
  const onProgress = (done: number): void => void process.send?.({ done } satisfies ProgressMessage);
  await finishTraining(folder, { onProgress });
  process.off("disconnect", stop);
  process.disconnect?.();
}

async function finish(folder: RunFolder<TrainConfig | CompareConfig>, display: Display, jobs: number): Promise<Result> {
  return folder.config.kind === "compare"
    ? compareResult(await finishComparison(folder as RunFolder<CompareConfig>, display, jobs))
    : trainResult(await finishTraining(folder as RunFolder<TrainConfig>, display));
}

interface ResumeOptions {
  readonly json?: boolean;
  readonly trainOnly?: boolean;
  readonly supervised?: boolean;
  readonly jobs?: string;
}

/** `pushforward resume <folder>` */
export function addResume(program: Command): void {
  const command = program.command("resume").argument("<folder>", "folder of a run that was interrupted");
  withJobs(command)
    .option("--train-only", "train to the end without judging or reporting; for a run of one loss")
    .addOption(new Option("--supervised", "report to the process that started this one, and end with it").hideHelp())
    .option("--json", "print JSON alone on standard output")
    .description("Go on with a run from its last checkpoint; it ends with the same bits as an unbroken one.")
    .action(async (path: string, options: ResumeOptions) => {
      const jobs = jobsOf("resume", options.jobs);
      const folder = openRun(path, parseRunConfig);
      const display: Display = { isQuiet: options.json === true };
      if (options.trainOnly) {
        if (folder.config.kind !== "train") {
          throw new DomainError(`resume: --train-only is for a run of one loss, but ${path} is a comparison`);
        }
        const run = folder as RunFolder<TrainConfig>;
        await (options.supervised ? trainSupervised(run) : finishTraining(run, display));
        return;
      }
      const result = await finish(folder, display, jobs);
      if (options.json) printJson(result.json);
      else print(describeResult(result));
    });
}
