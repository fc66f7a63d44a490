import type { Command } from "commander";
import { compareSettings } from "../settings/runSettings.ts";
import { defaultLosses, runComparison } from "./compare.ts";
import { withJobs } from "./jobs.ts";
import { withOutput } from "./outputFolder.ts";
import { type RawOptions, withSettings } from "./settingOptions.ts";

/** `pushforward start` */
export function configureStart(command: Command): void {
  withJobs(withOutput(withSettings(command, compareSettings))).action((options: RawOptions) =>
    runComparison(defaultLosses, options, "start"),
  );
}
