import { join } from "node:path";
import { DomainError, formatCsv, formatNpy, key, normal, quote, type Tensor } from "@pushforward/tensor";
import { inChunks, samplerOf } from "@pushforward/training";
import type { Command } from "commander";
import type { CompareConfig, TrainConfig } from "../config.ts";
import { openLoadedRun } from "../experiments/openLoadedRun.ts";
import { problemOf, trainedNetwork } from "../experiments/train.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { trainedRecipe } from "../training/trainedRecipe.ts";
import { print } from "./output.ts";
import { wholeNumber } from "./wholeNumber.ts";

interface SampleOptions {
  readonly count: string;
  readonly steps: string;
  readonly seed: string;
  readonly output?: string;
}

/** Most numbers in one result: as text they still fit into one string. */
const maxNumbers = 16_000_000;

/** `pushforward sample <folder> --count N --output file` */
export function configureSample(command: Command): void {
  command
    .argument("<folder>", "folder of a training run")
    .option("--count <n>", "how many samples", "1000")
    .option("--steps <n>", "evaluations of the network", "1")
    .option("--seed <n>", "seed of the noise", "0")
    .option("--output <file>", "a .csv or .npy file; default CSV on standard output")
    .action(async (path: string, options: SampleOptions) => {
      const { output } = options;
      if (output !== undefined && !/\.(csv|npy)$/i.test(output)) {
        throw new DomainError(`sample: --output must end in .csv or .npy, got ${quote(output)}`);
      }
      const { values, columns } = await drawSamples(path, options);
      if (output === undefined) print(formatCsv(values, columns));
      else writeFileAtomic(output, /\.npy$/i.test(output) ? formatNpy(values) : formatCsv(values, columns));
    });
}

/** The folders of the losses of a comparison, with several seeds those of the first. */
const lossFolders = ({ losses, seed, seeds }: CompareConfig): string[] =>
  losses.map((loss) => (seeds > 1 ? join(`seed${seed}`, loss) : loss));

async function drawSamples(
  path: string,
  options: SampleOptions,
): Promise<{ values: Tensor; columns: readonly string[] }> {
  const count = wholeNumber("sample", "count", options.count, 1, maxNumbers);
  const steps = wholeNumber("sample", "steps", options.steps, 1, 10_000);
  const seed = wholeNumber("sample", "seed", options.seed, 0, 2 ** 31 - 1);
  const folder = await openLoadedRun(path);
  if (folder.config.kind !== "train") {
    throw new DomainError(
      folder.config.kind === "study"
        ? `sample: ${path} is a study; name the folder of one of its trainings, such as ${join(path, folder.config.problems[0], `seed${folder.config.seed}`, folder.config.losses[0])}`
        : `sample: ${path} is a comparison; name the folder of one of its losses: ${lossFolders(folder.config).join(", ")}`,
    );
  }
  const { config } = folder as RunFolder<TrainConfig>;
  const problem = problemOf(config);
  if (count * problem.dim > maxNumbers) {
    const most = Math.floor(maxNumbers / problem.dim);
    throw new DomainError(`sample: --count must be at most ${most} for ${problem.dim} columns, got ${count}`);
  }
  const network = trainedNetwork(folder as RunFolder<TrainConfig>, problem);
  const noise = normal(key(seed), [count, problem.dim], { dtype: config.dtype });
  const samples = inChunks(samplerOf(trainedRecipe(config), network))(noise, steps);
  return { values: problem.toOriginal(samples.cast("float64")), columns: problem.columns };
}
