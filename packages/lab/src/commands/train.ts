import type { Command } from "commander";
import { parseTrainConfig } from "../config.ts";
import { describeResult, trainResult } from "../experiments/results.ts";
import { finishTraining, problemOf } from "../experiments/train.ts";
import { createRun } from "../run/runFolder.ts";
import { print, printJson } from "./output.ts";
import { outputFolder, type RawOptions, settingsOf, teacherSetting, withTrainingOptions } from "./trainingOptions.ts";

/** `pushforward train <loss> --data …` */
export function addTrain(program: Command): void {
  const command = program
    .command("train")
    .argument("<loss>", "a loss with a recipe (pushforward losses lists them), or teacher")
    .description("Train a one-step sampler with one loss, and report.");
  command.option("--teacher <folder>", "folder of a teacher trained before (pushforward train teacher)");
  withTrainingOptions(command).action((loss: string, options: RawOptions) => {
    const path = outputFolder(options.output, loss);
    const teacher = teacherSetting(options.teacher, path);
    const config = parseTrainConfig({
      data: "eightGaussians",
      ...settingsOf(options),
      ...teacher,
      kind: "train",
      loss,
    });
    // Bad data is found before a folder is made.
    problemOf(config);
    const folder = createRun(path, config);
    const result = trainResult(finishTraining(folder, { isQuiet: options.json === true }));
    if (options.json) printJson(result.json);
    else print(describeResult(result));
  });
}
