import { join } from "node:path";
import type { Command } from "commander";
import type { CompareConfig } from "../config.ts";
import { commandLine, displayPath } from "../experiments/reproduce.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { compareSettings } from "../settings/runSettings.ts";
import { defaultLosses, runComparison } from "./compare.ts";
import { withJobs } from "./jobs.ts";
import { lossFolders } from "./lossFolders.ts";
import { print } from "./output.ts";
import { withOutput } from "./outputFolder.ts";
import { pictureLoss, pictureOptions } from "./pictureOptions.ts";
import { type RawOptions, withSettings } from "./settingOptions.ts";

/** `pushforward start [--pictures]` */
export function configureStart(command: Command): void {
  command.option(
    "--pictures",
    "pictures instead of points: digits in one step by one loss, with settings of their own where none are given",
  );
  withJobs(withOutput(withSettings(command, compareSettings))).action(
    async ({ pictures, ...options }: RawOptions): Promise<void> => {
      if (pictures) await startPictures(options);
      else await runComparison(defaultLosses, options, "start");
    },
  );
}

/** Trains a network of pictures by classes, and prints what to try next. */
async function startPictures(options: RawOptions): Promise<void> {
  const folder = await runComparison([pictureLoss], { ...pictureOptions(options), ...options }, "start", "pictures");
  if (!options.json) print(`\nNext:\n${nextLines(folder).join("\n")}\n`);
}

/** Commands to try with the samples of a run, and with other pictures. */
function nextLines({ path, config }: RunFolder<CompareConfig>): string[] {
  const run = displayPath(join(path, lossFolders(config)[0]));
  const grid = (file: string, ...more: readonly string[]) => commandLine("sample", run, ...more, "--grid", file);
  return [
    `  ${grid("digits.png")}   # a row for each class`,
    `  ${grid("sevens.png", "--class", "7")}`,
    `  ${grid("fourSteps.png", "--steps", "4")}`,
    `  ${commandLine("start", "--pictures", "--data", "my-folder/")}   # your own PNG pictures, one folder for each class`,
  ];
}
