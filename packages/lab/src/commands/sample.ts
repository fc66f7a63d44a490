import { join } from "node:path";
import type { Recipe } from "@pushforward/losses";
import { DomainError, formatCsv, formatNpy, mustBeOneOf, quote, type Tensor } from "@pushforward/tensor";
import { type ImageShape, type Problem, pointsOf } from "@pushforward/training";
import type { Command } from "commander";
import type { TrainConfig } from "../config.ts";
import { type DrawnSamples, drawSamples } from "../experiments/drawSamples.ts";
import { openLoadedRun } from "../experiments/openLoadedRun.ts";
import { problemOf } from "../experiments/train.ts";
import { drawImageGrid, fittingScale } from "../report/imageGrid.ts";
import { encodePng } from "../report/png.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { trainedRecipe } from "../training/trainedRecipe.ts";
import { lossFolders } from "./lossFolders.ts";
import { print } from "./output.ts";
import { wholeNumber } from "./wholeNumber.ts";

interface SampleOptions {
  readonly count?: string;
  readonly steps: string;
  readonly seed: string;
  readonly class?: string;
  readonly guidance?: string;
  readonly output?: string;
  readonly grid?: string;
}

/** Most numbers in one result: as text they still fit into one string. */
const maxNumbers = 16_000_000;

/** Samples without `--count`: as a table, of each class in a grid of several classes, and in a grid without rows of classes. */
const usualCounts = { table: 1000, row: 10, square: 64 };

/** `pushforward sample <folder> --count N --output file --grid file` */
export function configureSample(command: Command): void {
  const { table, row, square } = usualCounts;
  command
    .argument("<folder>", "folder of a training run")
    .option(
      "--count <n>",
      `how many samples, in a grid of several classes of each; default ${table}, in a grid ${row} of each class or ${square}`,
    )
    .option("--steps <n>", "evaluations of the network", "1")
    .option("--seed <n>", "seed of the noise", "0")
    .option("--class <name>", "the class of all samples, where points have labels; default as frequent as in the data")
    .option("--guidance <scale>", "scale of the guidance, for runs with --guidance-max; default that of the run")
    .option("--output <file>", "a .csv or .npy file; default CSV on standard output")
    .option("--grid <file>", "a .png file that shows the samples as pictures, a row for each class")
    .action(runSample);
}

async function runSample(path: string, options: SampleOptions): Promise<void> {
  const { output, grid } = options;
  checkEnding("output", output, [".csv", ".npy"]);
  checkEnding("grid", grid, [".png"]);
  const numbers = numbersOf(options);
  const folder = await openTraining(path);
  const problem = problemOf(folder.config);
  const image = grid === undefined ? undefined : imageOf(problem);
  const guidance = scaleOf(options.guidance, trainedRecipe(folder.config), problem);
  const drawn = {
    ...numbers,
    ...selectionOf(problem, options, numbers.count),
    ...(guidance === undefined ? {} : { guidance }),
  };
  checkSize(problem, drawn);
  const values = drawSamples(folder, problem, drawn);
  if (output !== undefined) {
    writeFileAtomic(output, /\.npy$/i.test(output) ? formatNpy(values) : formatCsv(values, problem.columns));
  } else if (grid === undefined) print(formatCsv(values, problem.columns));
  if (grid !== undefined) writeGrid(grid, values, image!, classNames(problem, drawn));
}

/** @throws DomainError if the name of a file does not end as its format demands */
function checkEnding(option: string, file: string | undefined, endings: readonly string[]): void {
  if (file === undefined || endings.some((ending) => file.toLowerCase().endsWith(ending))) return;
  throw new DomainError(`sample: --${option} must end in ${endings.join(" or ")}, got ${quote(file)}`);
}

/** The numbers of the options, without defaults that depend on the run. */
const numbersOf = ({ count, steps, seed }: SampleOptions) => ({
  count: count === undefined ? undefined : wholeNumber("sample", "count", count, 1, maxNumbers),
  steps: wholeNumber("sample", "steps", steps, 1, 10_000),
  seed: wholeNumber("sample", "seed", seed, 0, 2 ** 31 - 1),
});

/** The classes that are drawn, and the number of samples of each. */
function selectionOf(
  problem: Problem,
  { class: name, grid }: SampleOptions,
  count: number | undefined,
): Pick<DrawnSamples, "count" | "classes"> {
  const isGrid = grid !== undefined;
  const places =
    name === undefined ? isGrid && problem.classes?.names.map((_, place) => place) : [placeOf(problem, name)];
  const usual = isGrid ? (places && places.length > 1 ? usualCounts.row : usualCounts.square) : usualCounts.table;
  return { count: count ?? usual, ...(places ? { classes: places } : {}) };
}

/** @throws DomainError if there are too many numbers */
function checkSize({ columns }: Problem, { count, classes = [0] }: DrawnSamples): void {
  const most = Math.floor(maxNumbers / (columns.length * classes.length));
  if (count <= most) return;
  const rows = classes.length > 1 ? ` of each of ${classes.length} classes` : "";
  throw new DomainError(`sample: --count must be at most ${most}${rows} for ${columns.length} columns, got ${count}`);
}

/** Names of the classes that are drawn. */
const classNames = (problem: Problem, { classes = [] }: DrawnSamples): string[] =>
  classes.map((place) => problem.classes!.names[place]);

/** Writes samples as a grid of pictures, a row for each class or nearly square, and says its rows and its range. */
function writeGrid(file: string, values: Tensor, image: ImageShape, classes: readonly string[]): void {
  const count = values.shape[0];
  const columns = classes.length > 1 ? count / classes.length : Math.ceil(Math.sqrt(count));
  const grid = drawImageGrid(pointsOf(values), image, { columns, scale: fittingScale(image, columns) });
  writeFileAtomic(file, encodePng(grid));
  const rows =
    classes.length > 1
      ? `${columns} samples of each class, a row for each: ${classes.join(", ")}`
      : `${count} samples${classes.map((name) => ` of class ${name}`).join("")}`;
  const [white, black] = image.range;
  print(`${file}: ${rows}; white is ${white}, black is ${black}`);
}

/** @throws DomainError unless samples of the problem are pictures */
function imageOf({ name, image, columns }: Problem): ImageShape {
  if (image) return image;
  const numbers = columns.length === 1 ? "a number" : `${columns.length} numbers`;
  throw new DomainError(
    `sample: --grid needs samples that are pictures, got ${numbers} for each sample of ${name}; leave --grid out, or train on a folder of PNG files, an array of pictures or columns pixel_0_0, pixel_0_1, …`,
  );
}

/**
 * The place of a class by its name.
 *
 * @throws DomainError if the points have no labels, or no class has the name
 */
function placeOf({ name, classes }: Problem, wanted: string): number {
  if (!classes) throw new DomainError(`sample: --class must be left out, since the points of ${name} have no labels`);
  const place = classes.names.indexOf(wanted);
  if (place >= 0) return place;
  throw new DomainError(`sample: --class ${mustBeOneOf(wanted, classes.names)}`);
}

/**
 * The scale of guidance of all samples.
 *
 * @throws DomainError unless the networks of the run take it
 */
function scaleOf(text: string | undefined, { guidance, name }: Recipe, { classes }: Problem): number | undefined {
  if (text === undefined) return undefined;
  const max = classes && guidance?.max;
  if (max === undefined) {
    throw new DomainError(
      `sample: --guidance must be left out, since the network of ${name} takes no scale; train with --guidance-max, on points with labels`,
    );
  }
  const scale = Number(text);
  if (text.trim() !== "" && scale >= 1 && scale <= max) return scale;
  throw new DomainError(
    `sample: --guidance must be a number from 1 to ${max}, as the run was trained, got ${quote(text)}`,
  );
}

/**
 * The training in a folder.
 *
 * @throws DomainError that names the folders of trainings inside if the folder is that of a comparison or a study
 */
async function openTraining(path: string): Promise<RunFolder<TrainConfig>> {
  const folder = await openLoadedRun(path);
  const { config } = folder;
  if (config.kind === "train") return folder as RunFolder<TrainConfig>;
  throw new DomainError(
    config.kind === "study"
      ? `sample: ${path} is a study; name the folder of one of its trainings, such as ${join(path, config.problems[0], `seed${config.seed}`, config.losses[0])}`
      : `sample: ${path} is a comparison; name the folder of one of its losses: ${lossFolders(config).join(", ")}`,
  );
}
