import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { problemNames } from "../problems/index.ts";

/** Adds the options that every training shares; their values are validated with the configuration. */
export function withTrainingOptions(command: Command): Command {
  return command
    .option("--data <name|file>", `${problemNames.join(", ")}, or a .csv or .npy file`)
    .option("--columns <names>", "columns of the file, separated by commas: names, or indices from 0")
    .option("--held-out <share>", "share of the file's rows kept for judging")
    .option("--steps <n>", "optimiser steps of each loss")
    .option("--teacher-steps <n>", "optimiser steps of the velocity teacher")
    .option("--batch <n>", "samples per step")
    .option("--width <n>", "width of the hidden layers")
    .option("--depth <n>", "number of hidden layers")
    .option("--activation <name>", "silu, gelu or tanh")
    .option("--learning-rate <rate>", "peak learning rate of Adam")
    .option("--ema <decay>", "decay of the averaged parameters that are judged")
    .option("--velocity <choice>", "what losses regress on: recipe (each paper's choice), teacher, or conditional")
    .option("--times <law>", "times that losses draw: recipe (each paper's law) or uniform")
    .option("--off-diagonal <share>", "share of the batch with t ≠ s, for recipes that mix")
    .option("--target-ema <decay>", "decay of the averaged parameters that targets use")
    .option("--seed <n>", "seed of all randomness")
    .option("--dtype <type>", "float32 or float64")
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

/** Options that are settings, with lists taken apart; what was not given is left to the defaults. */
export function settingsOf({ output: _output, json: _json, columns, ...rest }: RawOptions): Record<string, unknown> {
  const list = typeof columns === "string" ? { columns: columns.split(",").map((name) => name.trim()) } : {};
  return { ...rest, ...list };
}

/** The folder a person named, or the first free one of this name in runs/. */
export function outputFolder(output: string | boolean | undefined, name: string): string {
  if (typeof output === "string") return output;
  for (let i = 1; ; i++) {
    const path = join("runs", i === 1 ? name : `${name}-${i}`);
    if (!existsSync(path)) return path;
  }
}
