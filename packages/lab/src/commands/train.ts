import { objectiveNames } from "@pushforward/training";
import type { Command } from "commander";
import { parseTrainConfig } from "../config.ts";
import { checkTraining, finishTraining } from "../experiments/train.ts";
import { createRun } from "../run/runFolder.ts";
import { print, printJson } from "./output.ts";
import { interruptible, resumable } from "./resumable.ts";
import {
  knownName,
  optionNaming,
  outputFolder,
  type RawOptions,
  settingsOf,
  teacherSetting,
  withTrainingOptions,
} from "./trainingOptions.ts";

/** `pushforward train <loss> --data …` */
export function configureTrain(command: Command): void {
  command
    .argument("<loss>", "a loss with a recipe (pushforward losses lists them), or teacher")
    .option("--teacher <folder>", "folder of a teacher trained before (pushforward train teacher)");
  withTrainingOptions(command).action(async (name: string, options: RawOptions) => {
    const loss = knownName(name, objectiveNames);
    const path = outputFolder(options.output, loss);
    const settings = { data: "eightGaussians", ...settingsOf(options), ...teacherSetting(options.teacher, path) };
    // Whatever is wrong with the input is found before a folder is made.
    const config = checkTraining(parseTrainConfig({ ...settings, kind: "train", loss }, optionNaming), path);
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
