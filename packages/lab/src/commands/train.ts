import type { Command } from "commander";
import { parseTrainConfig } from "../config.ts";
import { checkTraining, finishTraining } from "../experiments/train.ts";
import { createRun } from "../run/runFolder.ts";
import { defaultData } from "../settings/dataSettings.ts";
import { trainSettings } from "../settings/runSettings.ts";
import { checkPreset } from "../sources/checkPreset.ts";
import { readNames } from "../sources/readSources.ts";
import { trainedNames } from "../training/trainedRecipe.ts";
import { print, printJson } from "./output.ts";
import { outputFolder, withOutput } from "./outputFolder.ts";
import { interruptible, resumable } from "./resumable.ts";
import { optionNaming, type RawOptions, settingsOf, teacherSetting, withSettings } from "./settingOptions.ts";

/** `pushforward train <loss> --data …` */
export function configureTrain(command: Command): void {
  command.argument(
    "<loss>",
    "a loss with a recipe (pushforward losses lists them), a variant such as meanFlow@-target, teacher, the .json file of a recipe, or a module of your own",
  );
  withOutput(withSettings(command, trainSettings)).action(async (name: string, options: RawOptions) => {
    const { names, sources } = await readNames("train", [name], trainedNames);
    const [loss] = names;
    const path = outputFolder(options.output, loss);
    const settings = { data: defaultData, ...settingsOf(options), ...teacherSetting(options.teacher, path) };
    // All input is checked before a folder is made.
    const parsed = parseTrainConfig({ ...settings, kind: "train", loss, sources }, optionNaming);
    checkPreset("train", [parsed.loss], sources, options);
    const config = checkTraining(parsed, path, optionNaming);
    const folder = createRun(path, config);
    const { text, json } = await interruptible(path, async () => {
      const training = await resumable(path, () => finishTraining(folder, { isQuiet: options.json === true }));
      const { describeResult, trainResult } = await import("../experiments/results.ts");
      const result = await trainResult(training);
      return { text: describeResult(result), json: result.json };
    });
    if (options.json) printJson(json);
    else print(text);
  });
}
