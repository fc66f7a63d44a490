import { DomainError } from "@pushforward/tensor";
import type { Command } from "commander";
import type { CompareConfig, RunConfig, TrainConfig } from "../config.ts";
import { checkRun } from "../experiments/checkRun.ts";
import { finishComparison } from "../experiments/compare.ts";
import { openLoadedRun } from "../experiments/openLoadedRun.ts";
import type { Result } from "../experiments/results.ts";
import { finishSeeds } from "../experiments/seeds.ts";
import { finishStudy, isStudy } from "../experiments/study.ts";
import { finishTraining } from "../experiments/train.ts";
import { mendRun } from "../run/mendRun.ts";
import type { RunFolder } from "../run/runFolder.ts";
import type { Display } from "../training/trainingRun.ts";
import { jobsOf, withJobs } from "./jobs.ts";
import { print, printJson, printStudy } from "./output.ts";
import { interruptible } from "./resumable.ts";

async function finish(folder: RunFolder<TrainConfig | CompareConfig>, display: Display, jobs: number): Promise<Result> {
  if (folder.config.kind === "compare") {
    const comparison = await finishComparison(folder as RunFolder<CompareConfig>, display, jobs);
    return (await import("../experiments/results.ts")).compareResult(comparison);
  }
  const training = await finishTraining(folder as RunFolder<TrainConfig>, display);
  return (await import("../experiments/results.ts")).trainResult(training);
}

interface ResumeOptions {
  readonly json?: boolean;
  readonly trainOnly?: boolean;
  readonly jobs?: string;
}

/** `pushforward resume <folder>` */
export function configureResume(command: Command): void {
  command.argument("<folder>", "folder of a run that was interrupted");
  withJobs(command)
    .option("--train-only", "train to the end without judging or reporting; for a run of one loss")
    .option("--json", "print JSON alone on standard output")
    .action(async (path: string, options: ResumeOptions) => {
      const jobs = jobsOf("resume", options.jobs);
      const folder = await openLoadedRun(path);
      if (options.trainOnly) checkIsTraining(folder);
      checkRun(folder);
      await interruptible(path, () => goOn(folder, options, jobs));
    });
}

/** Finishes a run and prints the result. */
async function goOn(folder: RunFolder<RunConfig>, options: ResumeOptions, jobs: number): Promise<void> {
  for (const note of mendRun(folder.path)) process.stderr.write(`pushforward: ${note}\n`);
  const display: Display = { isQuiet: options.json === true };
  if (options.trainOnly) {
    await finishTraining(folder as RunFolder<TrainConfig>, display);
    return;
  }
  if (isStudy(folder)) {
    const study = await finishStudy(folder, display, jobs);
    printStudy(await (await import("../experiments/studyResult.ts")).studyResult(study), options.json);
    return;
  }
  if (folder.config.kind === "compare" && folder.config.seeds > 1) {
    const comparison = await finishSeeds(folder as RunFolder<CompareConfig>, display, jobs);
    printStudy(await (await import("../experiments/seedsResult.ts")).seedsResult(comparison), options.json);
    return;
  }
  const result = await finish(folder as RunFolder<TrainConfig | CompareConfig>, display, jobs);
  if (options.json) printJson(result.json);
  else print((await import("../experiments/results.ts")).describeResult(result));
}

/** @throws DomainError for a run of several losses */
function checkIsTraining({ config, path }: RunFolder<RunConfig>): void {
  if (config.kind === "train") return;
  throw new DomainError(
    `resume: --train-only is for a run of one loss, but ${path} is a ${config.kind === "study" ? "study" : "comparison"}`,
  );
}
