import type { Command } from "commander";
import { defaultLosses, runComparison } from "./compare.ts";
import { withJobs } from "./jobs.ts";
import { type RawOptions, withTrainingOptions } from "./trainingOptions.ts";

/** `pushforward start` */
export function configureStart(command: Command): void {
  withJobs(withTrainingOptions(command)).action((options: RawOptions) =>
    runComparison(defaultLosses, options, "start"),
  );
}
