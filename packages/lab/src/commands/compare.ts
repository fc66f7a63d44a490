import { firstRecipes } from "@pushforward/losses";
import type { Command } from "commander";
import { type CompareConfig, comparedNames, parseCompareConfig, parseStudyConfig } from "../config.ts";
import { checkComparison, finishComparison } from "../experiments/compare.ts";
import { finishSeeds } from "../experiments/seeds.ts";
import { checkStudy, finishStudy } from "../experiments/study.ts";
import { createRun, type RunFolder } from "../run/runFolder.ts";
import { defaultData } from "../settings/dataSettings.ts";
import { compareSettings, studySettings } from "../settings/runSettings.ts";
import { checkPreset } from "../sources/checkPreset.ts";
import { knownVariant } from "../sources/knownName.ts";
import { readNames } from "../sources/readSources.ts";
import { jobsOf, withJobs } from "./jobs.ts";
import { print, printJson, printStudy } from "./output.ts";
import { outputFolder, withOutput } from "./outputFolder.ts";
import { interruptible, resumable } from "./resumable.ts";
import { optionNaming, type RawOptions, settingsOf, withSettings } from "./settingOptions.ts";

/** Losses compared when none are named. */
export const defaultLosses: readonly string[] = Object.keys(firstRecipes);

/** `pushforward compare [losses…] --data …` */
export function configureCompare(command: Command): void {
  command
    .argument(
      "[losses...]",
      `losses to train, variants such as meanFlow@-target, .json files of recipes, or modules of your own; default ${defaultLosses.join(" ")}`,
    )
    .option("--all", "a study: every loss, or those named, on several problems with several seeds each");
  const { problems } = studySettings;
  withJobs(withOutput(withSettings(command, { problems, ...compareSettings }))).action(
    async (losses: string[], { all, ...options }: RawOptions) => {
      if (all) await runStudy(losses, options);
      else await runComparison(losses.length > 0 ? losses : defaultLosses, options, "compare");
    },
  );
}

/** Trains, judges, prints and reports many losses on several problems. */
async function runStudy(names: readonly string[], options: RawOptions): Promise<void> {
  const losses = names.length > 0 ? { losses: names.map((loss) => knownVariant(loss, comparedNames)) } : {};
  const config = checkStudy(parseStudyConfig({ ...settingsOf(options), ...losses, kind: "study" }, optionNaming));
  const jobs = jobsOf("compare", options.jobs);
  const folder = createRun(outputFolder(options.output, "study"), config);
  const display = { isQuiet: options.json === true };
  const result = await interruptible(folder.path, async () => {
    const study = await resumable(folder.path, () => finishStudy(folder, display, jobs));
    return (await import("../experiments/studyResult.ts")).studyResult(study);
  });
  printStudy(result, options.json === true);
}

/**
 * Trains, judges, prints and reports a comparison.
 *
 * @param name  of the command in messages
 * @param usual name of the run's folder where no other is asked for
 * @returns     the folder of the run
 */
export async function runComparison(
  names: readonly string[],
  options: RawOptions,
  name: string,
  usual = name,
): Promise<RunFolder<CompareConfig>> {
  const { names: losses, sources } = await readNames(name, names, comparedNames);
  const settings = { data: defaultData, ...settingsOf(options), kind: "compare", losses, sources };
  const parsed = parseCompareConfig(settings, optionNaming);
  checkPreset(name, parsed.losses, sources, options);
  const config = checkComparison(parsed, optionNaming);
  const jobs = jobsOf(name, options.jobs);
  const folder = createRun(outputFolder(options.output, usual), config);
  const display = { isQuiet: options.json === true };
  if (config.seeds > 1) {
    const result = await interruptible(folder.path, async () => {
      const comparison = await resumable(folder.path, () => finishSeeds(folder, display, jobs));
      return (await import("../experiments/seedsResult.ts")).seedsResult(comparison);
    });
    printStudy(result, options.json === true);
    return folder;
  }
  const { text, json } = await interruptible(folder.path, async () => {
    const comparison = await resumable(folder.path, () => finishComparison(folder, display, jobs));
    const { compareResult, describeResult } = await import("../experiments/results.ts");
    const result = await compareResult(comparison);
    return { text: describeResult(result), json: result.json };
  });
  if (options.json) printJson(json);
  else print(text);
  return folder;
}
