import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { flowMapForms } from "@pushforward/flows";
import { activations } from "@pushforward/nn";
import { allBackends, csvSeparators, DomainError } from "@pushforward/tensor";
import { type Naming, problemNames } from "@pushforward/training";
import type { Command } from "commander";
import { dataEndings, isDataFile } from "../problems/table.ts";
import { decimalOf } from "./decimal.ts";

/** How a setting of config.json is called on the command line. */
export const optionName = (setting: string): string =>
  `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Names of settings for a person who typed options; what is an argument keeps its name. */
export const optionNaming: Naming = (setting) => (setting.startsWith("loss") ? setting : optionName(setting));

/** Adds the options that every training shares; their values are validated with the configuration. */
export function withTrainingOptions(command: Command): Command {
  return command
    .option("--data <name|file>", `${problemNames.join(", ")}, or a ${dataEndings} file`)
    .option(
      "--columns <list>",
      "columns to learn, separated by commas: names, indices from 0, pixel_* or first..last; default all but an index without a name",
    )
    .option("--array <name>", "array of an .npz file to read; needed where it holds several")
    .option(
      "--header <choice>",
      "yes if the first row of a text file names the columns, no if it holds data; default: its cells decide",
    )
    .option(
      "--separator <character>",
      `what separates the cells of a text file: ${Object.keys(csvSeparators).join(", ")} or a character; default: found`,
    )
    .option("--decimal <mark>", "mark before the fraction of a number in a text file: point or comma; default: found")
    .option(
      "--missing <choice>",
      "refuse (default) a file with rows in which a chosen number is missing, or drop those rows",
    )
    .option("--held-out <share>", "share of the file's rows kept for judging")
    .option("--steps <n>", "optimiser steps of each loss")
    .option("--teacher-steps <n>", "optimiser steps of the velocity teacher")
    .option("--batch <n>", "samples per step")
    .option("--width <n>", "width of the hidden layers; default 4 per column, from 64 to 256")
    .option("--depth <n>", "number of hidden layers")
    .option("--activation <name>", Object.keys(activations).join(", "))
    .option("--learning-rate <rate>", "peak learning rate of Adam")
    .option("--ema <decay>", "decay of the averaged parameters that are judged")
    .option("--preset <name>", "short (suits short trainings of small networks) or paper (each paper's settings)")
    .option(
      "--teacher-velocity <kind>",
      "what losses distil: learnt (default), or exact where the problem knows its own",
    )
    .option("--velocity <choice>", "what losses regress on: recipe (each paper's choice), teacher, or conditional")
    .option("--times <law>", "times that losses draw: recipe (each paper's law) or uniform")
    .option("--off-diagonal <share>", "share of the batch with t ≠ s, for recipes that mix")
    .option("--target-ema <decay>", "decay of the averaged parameters that targets use")
    .option("--adaptive-power <p>", "power of adaptive weights, for recipes that have them: 0 is none")
    .option("--student-rate <share>", "student's learning rate over --learning-rate, where other networks learn along")
    .option("--fake-updates <n>", "updates of the samples' own velocity before each of the student's")
    .option("--critic-updates <n>", "updates of the critic before each of the student's")
    .option("--form <name>", `${Object.keys(flowMapForms).join(", ")}: what the network stands for`)
    .option("--warmup-steps <n>", "steps over which a warm-up grows, for recipes that have one")
    .option(
      "--pairs <kind>",
      "independent noise and data, or rectified: each noise with where the teacher takes it (reflow)",
    )
    .option("--learned-weights <choice>", "recipe or off: weights of the times that are learnt along")
    .option("--without-stops <labels>", "stop-gradients of the loss to switch off, separated by commas")
    .option("--seed <n>", "seed of all randomness")
    .option("--dtype <type>", "float32 or float64")
    .option("--backend <name>", `${Object.keys(allBackends).join(", ")}: what runs compiled programs`)
    .option("--log-every <n>", "steps between lines of metrics.jsonl")
    .option("--checkpoint-every <n>", "steps between checkpoints")
    .option("--output <folder>", "folder of the run; default a new one in runs/")
    .option("--json", "print JSON alone on standard output");
}

/** Options as commander gives them. */
export type RawOptions = Record<string, string | boolean | undefined>;

/** A teacher's folder as the run's configuration has it: relative to the run's folder. */
export const teacherSetting = (teacher: string | boolean | undefined, folder: string): { teacher?: string } =>
  typeof teacher === "string" ? { teacher: relative(folder, teacher) || "." } : {};

/**
 * Options that are settings: numbers as numbers, lists taken apart, files by their whole path, so that a run resumes from
 * any folder. What was not given is left to the defaults.
 */
export function settingsOf({
  output: _output,
  json: _json,
  jobs: _jobs,
  columns,
  array,
  withoutStops,
  problems,
  data,
  ...rest
}: RawOptions): Record<string, unknown> {
  const numbers = Object.entries(rest).map(([name, value]) => [name, numberOr(value)]);
  const list = (name: string, value: unknown) =>
    typeof value === "string" ? { [name]: value.split(",").map((each) => each.trim()) } : {};
  return {
    ...Object.fromEntries(numbers),
    ...list("columns", columns),
    ...(array === undefined ? {} : { array }),
    ...list("withoutStops", withoutStops),
    ...list("problems", problems),
    ...(typeof data === "string" ? { data: isDataFile(data) ? resolve(data) : data } : {}),
  };
}

/** A decimal number, or the text as it is: its setting will refuse it. */
const numberOr = (value: unknown): unknown => (typeof value === "string" ? (decimalOf(value) ?? value) : value);

/** A name as the registry writes it, however its words are joined: "mean-flow" and "meanflow" are meanFlow. */
export function knownName(name: string, names: readonly string[]): string {
  const plain = (text: string): string => text.replace(/[-_]/g, "").toLowerCase();
  return names.find((known) => plain(known) === plain(name)) ?? name;
}

/**
 * The folder a person named, or the first free one of this name in runs/.
 *
 * @throws DomainError for a folder without a name
 */
export function outputFolder(output: string | boolean | undefined, name: string): string {
  if (output === "") throw new DomainError(`run: --output must name a folder, got ""`);
  if (typeof output === "string") return output;
  for (let i = 1; ; i++) {
    const path = join("runs", i === 1 ? name : `${name}-${i}`);
    if (!existsSync(path)) return path;
  }
}
