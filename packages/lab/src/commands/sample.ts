import { DomainError, formatCsv, formatNpy, key, normal, type Tensor } from "@pushforward/tensor";
import type { Command } from "commander";
import { parseRunConfig } from "../config.ts";
import { samplerOf } from "../evaluation.ts";
import { problemOf } from "../experiments/train.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import { readCheckpoint } from "../run/checkpoint.ts";
import { openRun } from "../run/runFolder.ts";
import { objectiveOf } from "../training/objectives.ts";
import { restoreTree } from "../training/stateFile.ts";
import { makeTrainer } from "../training/trainer.ts";
import { print } from "./output.ts";

interface SampleOptions {
  readonly count: string;
  readonly steps: string;
  readonly seed: string;
  readonly output?: string;
}

/** `pushforward sample <folder> --count N --output file` */
export function addSample(program: Command): void {
  program
    .command("sample")
    .argument("<folder>", "folder of a training run")
    .option("--count <n>", "how many samples", "1000")
    .option("--steps <n>", "evaluations of the network", "1")
    .option("--seed <n>", "seed of the noise", "0")
    .option("--output <file>", "a .csv or .npy file; default CSV on standard output")
    .description("Draw samples from a trained run, in the units of its data.")
    .action((path: string, options: SampleOptions) => {
      const samples = drawSamples(path, options);
      const { output } = options;
      if (output === undefined) print(formatCsv(samples.values, samples.columns));
      else if (output.endsWith(".npy")) writeFileAtomic(output, formatNpy(samples.values));
      else if (output.endsWith(".csv")) writeFileAtomic(output, formatCsv(samples.values, samples.columns));
      else throw new DomainError(`sample: --output must end in .csv or .npy, got "${output}"`);
    });
}

function whole(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new DomainError(`sample: --${name} must be a whole number in [${low}, ${high}], got "${text}"`);
}

function drawSamples(path: string, options: SampleOptions): { values: Tensor; columns: readonly string[] } {
  const count = whole("count", options.count, 1, 10_000_000);
  const steps = whole("steps", options.steps, 1, 10_000);
  const seed = whole("seed", options.seed, 0, 2 ** 31 - 1);
  const { config, files } = openRun(path, parseRunConfig);
  if (config.kind !== "train")
    throw new DomainError(`sample: ${path} is a comparison; name the folder of one of its losses`);
  const problem = problemOf(config);
  const objective = objectiveOf(config.loss, config);
  const trainer = makeTrainer(objective, problem, config);
  const checkpoint = readCheckpoint(files.checkpoint);
  if (!checkpoint) throw new DomainError(`sample: ${path} has no checkpoint yet; resume it first`);
  const network = trainer.network(restoreTree(trainer.initial, checkpoint.tensors, files.checkpoint));
  const noise = normal(key(seed), [count, problem.dim], { dtype: config.dtype });
  const samples = samplerOf(objective, network)(noise, steps);
  return { values: problem.toOriginal(samples.cast("float64")), columns: problem.columns };
}
