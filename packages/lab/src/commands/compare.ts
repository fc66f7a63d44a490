import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { parseCompareConfig } from "../config.ts";
import { finishComparison } from "../experiments/compare.ts";
import { compareResult, describeResult } from "../experiments/results.ts";
import { problemOf } from "../experiments/train.ts";
import { createRun } from "../run/runFolder.ts";
import { print, printJson } from "./output.ts";
import { outputFolder, type RawOptions, settingsOf, withTrainingOptions } from "./trainingOptions.ts";

/** Losses compared when none are named. */
export const defaultLosses = ["meanFlow", "shortcut", "lsd", "consistencyDistillation"];

/** `pushforward compare [losses…] --data …` */
export function addCompare(program: Command): void {
  const command = program
    .command("compare")
    .argument("[losses...]", `losses to train; default ${defaultLosses.join(" ")}`)
    .description("Train several losses with one teacher on one problem, and report.");
  withTrainingOptions(command).action(async (losses: string[], options: RawOptions) => {
    await runComparison(
      losses.length > 0 ? losses : defaultLosses,
      { data: "eightGaussians", ...settingsOf(options) },
      options,
      "compare",
    );
  });
}

/** Trains, judges, prints and reports a comparison. */
export async function runComparison(
  losses: readonly string[],
  settings: Record<string, unknown>,
  options: RawOptions,
  name: string,
): Promise<void> {
  const config = parseCompareConfig({ ...settings, kind: "compare", losses });
  problemOf(config);
  const folder = createRun(outputFolder(options.output, name), config);
  const result = compareResult(
    await finishComparison(folder, { isQuiet: options.json === true }, availableParallelism()),
  );
  if (options.json) printJson(result.json);
  else print(describeResult(result));
}
