import type { Command } from "commander";
import { comparedNames, parseCompareConfig } from "../config.ts";
import { checkComparison, finishComparison } from "../experiments/compare.ts";
import { compareResult, describeResult } from "../experiments/results.ts";
import { createRun } from "../run/runFolder.ts";
import { jobsOf, withJobs } from "./jobs.ts";
import { print, printJson } from "./output.ts";
import {
  knownName,
  optionNaming,
  outputFolder,
  type RawOptions,
  settingsOf,
  withTrainingOptions,
} from "./trainingOptions.ts";

/** Losses compared when none are named. */
export const defaultLosses = ["meanFlow", "shortcut", "lsd", "consistencyDistillation"];

/** `pushforward compare [losses…] --data …` */
export function addCompare(program: Command): void {
  const command = program
    .command("compare")
    .argument("[losses...]", `losses to train; default ${defaultLosses.join(" ")}`)
    .description("Train several losses with one teacher on one problem, and report.");
  withJobs(withTrainingOptions(command)).action(async (losses: string[], options: RawOptions) => {
    await runComparison(losses.length > 0 ? losses : defaultLosses, options, "compare");
  });
}

/**
 * Trains, judges, prints and reports a comparison.
 *
 * @param name of the run's folder where no other is asked for
 */
export async function runComparison(names: readonly string[], options: RawOptions, name: string): Promise<void> {
  const losses = names.map((loss) => knownName(loss, comparedNames));
  const settings = { data: "eightGaussians", ...settingsOf(options), kind: "compare", losses };
  const config = checkComparison(parseCompareConfig(settings, optionNaming));
  const jobs = jobsOf(name, options.jobs);
  const folder = createRun(outputFolder(options.output, name), config);
  const result = compareResult(await finishComparison(folder, { isQuiet: options.json === true }, jobs));
  if (options.json) printJson(result.json);
  else print(describeResult(result));
}
