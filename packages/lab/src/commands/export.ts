import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import {
  closedFiles,
  type ExportedFiles,
  type ExportLossOptions,
  lossFiles,
  type TargetName,
  targets,
} from "@pushforward/export";
import { type AnyLoss, struckFormula } from "@pushforward/losses";
import { DomainError, mustBeOneOf, quote } from "@pushforward/tensor";
import { printVariant } from "@pushforward/training";
import type { Command } from "commander";
import type { TrainConfig } from "../config.ts";
import { openLoadedRun } from "../experiments/openLoadedRun.ts";
import { checkStops, switchedOff } from "../experiments/stops.ts";
import { trainedLoss } from "../experiments/trainedLoss.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import { makeFolder } from "../run/makeFolder.ts";
import { isRun, type RunFolder } from "../run/runFolder.ts";
import { listOf, namedLoss } from "./namedLoss.ts";
import { print } from "./output.ts";
import { wholeNumber } from "./wholeNumber.ts";

interface ExportOptions {
  readonly to: string;
  readonly output?: string;
  readonly withoutStops?: string;
  readonly open?: boolean;
  readonly closed?: boolean;
  readonly steps: string;
}

/** `pushforward export <loss|run folder> --to jax|torch` */
export function configureExport(command: Command): void {
  command
    .argument(
      "<loss>",
      "name of a loss, a variant such as meanFlow@-target, the .json file of a recipe, a module of your own, or the folder of a training run",
    )
    .requiredOption("--to <framework>", `framework of the source: ${Object.keys(targets).join(", ")}`)
    .option("--output <folder>", "folder of the files; default one named after the loss and the framework")
    .option("--without-stops <labels>", "stop-gradients to leave out, separated by commas")
    .option("--open", "write the loss with the network as a parameter; the default for a loss")
    .option("--closed", "write the trained networks of a run too; the default for a run")
    .option("--steps <n>", "evaluations of the network by the sampler of a run", "1")
    .action(async (given: string, options: ExportOptions) => {
      const { name, files } = await exported(given, options);
      const folder = options.output ?? `${name}-${options.to}`;
      writeFiles(folder, files);
      print(
        `${folder} holds ${Object.keys(files).join(", ")}. Compare it with Pushforward: python ${join(folder, "check.py")}`,
      );
    });
}

/** @throws DomainError that names the frameworks */
function targetOf(to: string): TargetName {
  if (Object.hasOwn(targets, to)) return to as TargetName;
  throw new DomainError(`export: --to ${mustBeOneOf(to, Object.keys(targets))}`);
}

/** The files of an export, and its name. */
interface Exported {
  readonly name: string;
  readonly files: ExportedFiles;
}

/** @throws DomainError about the options, the loss or the run */
async function exported(given: string, options: ExportOptions): Promise<Exported> {
  const to = targetOf(options.to);
  if (options.open && options.closed)
    throw new DomainError("export: --open and --closed exclude each other; --closed writes the open loss too");
  if (isRun(given)) return exportedRun(given, to, options);
  if (options.closed)
    throw new DomainError(`export: --closed needs the folder of a training run, got ${quote(given)}; train one first`);
  const { loss, off, variant } = await namedLoss("export", given, options.withoutStops);
  return { name: printVariant(variant), files: lossFiles(loss, await choicesOf(loss, to, off)) };
}

/** Options of the package, with the formula as text. */
async function choicesOf(loss: AnyLoss, to: TargetName, withoutStops: readonly string[]): Promise<ExportLossOptions> {
  const { plainFormula } = await import("../report/plainFormula.ts");
  return { to, withoutStops, formula: plainFormula(struckFormula(loss.markedFormula, withoutStops)) };
}

/** The main loss of a training run, with its networks unless --open is given. */
async function exportedRun(path: string, to: TargetName, options: ExportOptions): Promise<Exported> {
  const steps = wholeNumber("export", "steps", options.steps, 1, 1000);
  const folder = await openLoadedRun(path);
  if (folder.config.kind !== "train")
    throw new DomainError(
      `export: ${path} must be the folder of one training, got a ${folder.config.kind}; name a folder in it`,
    );
  const run = folder as RunFolder<TrainConfig>;
  const trained = trainedLoss(run, steps);
  const { loss } = trained;
  const labels = listOf(options.withoutStops);
  checkStops("export", labels, loss.stops);
  const off = [...new Set([...switchedOff(run.config), ...labels])].filter((label) => loss.stops.includes(label));
  const choices = await choicesOf(loss, to, off);
  return {
    name: basename(path),
    files: lossFiles(loss, choices, options.open ? undefined : closedFiles(trained, choices)),
  };
}

/** @throws DomainError if the folder holds anything: files that were edited are not replaced */
function writeFiles(folder: string, files: ExportedFiles): void {
  if (folder === "") throw new DomainError(`export: --output must name a folder, got ""`);
  const [found] = existsSync(folder) ? readdirSync(folder) : [];
  if (found !== undefined)
    throw new DomainError(
      `export: ${folder} must be an empty folder, got one that holds ${found}; choose another folder with --output`,
    );
  makeFolder("export", folder);
  for (const [name, content] of Object.entries(files)) writeFileAtomic(join(folder, name), content);
}
