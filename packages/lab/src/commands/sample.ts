import { join } from "node:path";
import {
  DomainError,
  formatCsv,
  formatNpy,
  full,
  key,
  mustBeOneOf,
  normal,
  quote,
  type Tensor,
} from "@pushforward/tensor";
import {
  type AppliedNetwork,
  inChunks,
  type Problem,
  type Sampler,
  samplerOf,
  withLabels,
} from "@pushforward/training";
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
  readonly class?: string;
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
    .option("--class <name>", "the class of all samples, where points have labels; default as frequent as in the data")
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

/**
 * The place of a class by its name.
 *
 * @throws DomainError if the points have no labels, or no class has the name
 */
function placeOf({ name, classes }: Problem, wanted: string | undefined): number | undefined {
  if (wanted === undefined) return undefined;
  if (!classes) throw new DomainError(`sample: --class must be left out, since the points of ${name} have no labels`);
  const place = classes.names.indexOf(wanted);
  if (place >= 0) return place;
  throw new DomainError(`sample: --class ${mustBeOneOf(wanted, classes.names)}`);
}

/** A sampler of one class, or of all classes. */
const classSampler =
  (config: TrainConfig, network: AppliedNetwork, place: number | undefined): Sampler =>
  (noise, steps) => {
    const labels = place === undefined ? undefined : full([noise.shape[0]], place, { dtype: "int32" });
    return samplerOf(trainedRecipe(config), labels ? withLabels(network, labels) : network)(noise, steps);
  };

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
  const samples = inChunks(classSampler(config, network, placeOf(problem, options.class)))(noise, steps);
  return { values: problem.toOriginal(samples.cast("float64")), columns: problem.columns };
}
