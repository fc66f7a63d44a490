import type { Command } from "commander";
import { defaultLosses, runComparison } from "./compare.ts";
import { withJobs } from "./jobs.ts";
import { type RawOptions, withTrainingOptions } from "./trainingOptions.ts";

/** `pushforward start` */
export function addStart(program: Command): void {
  const command = program
    .command("start")
    .description(
      "The main job: train a velocity teacher, distil it into one-step maps by four losses, compare, and report.",
    );
  withJobs(withTrainingOptions(command)).action((options: RawOptions) =>
    runComparison(defaultLosses, options, "start"),
  );
}
