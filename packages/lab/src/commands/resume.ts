import type { Command } from "commander";
import type { CompareConfig, TrainConfig } from "../config.ts";
import { parseRunConfig } from "../config.ts";
import { finishComparison } from "../experiments/compare.ts";
import { compareResult, describeResult, trainResult } from "../experiments/results.ts";
import { finishTraining } from "../experiments/train.ts";
import { openRun, type RunFolder } from "../run/runFolder.ts";
import { print, printJson } from "./output.ts";

/** `pushforward resume <folder>` */
export function addResume(program: Command): void {
  program
    .command("resume")
    .argument("<folder>", "folder of a run that was interrupted")
    .option("--json", "print JSON alone on standard output")
    .description("Go on with a run from its last checkpoint; it ends with the same bits as an unbroken one.")
    .action((path: string, options: { json?: boolean }) => {
      const folder = openRun(path, parseRunConfig);
      const display = { isQuiet: options.json === true };
      const result =
        folder.config.kind === "compare"
          ? compareResult(finishComparison(folder as RunFolder<CompareConfig>, display))
          : trainResult(finishTraining(folder as RunFolder<TrainConfig>, display));
      if (options.json) printJson(result.json);
      else print(describeResult(result));
    });
}
