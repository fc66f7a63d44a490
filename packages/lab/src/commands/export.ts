import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type ExportedFiles, lossFiles, type TargetName, targets } from "@pushforward/export";
import { struckFormula } from "@pushforward/losses";
import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import { printVariant } from "@pushforward/training";
import type { Command } from "commander";
import { plainFormula } from "../report/plainFormula.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import { namedLoss } from "./namedLoss.ts";
import { print } from "./output.ts";

interface ExportOptions {
  readonly to: string;
  readonly output?: string;
  readonly withoutStops?: string;
  readonly open?: boolean;
  readonly closed?: boolean;
}

/** `pushforward export <loss|run folder> --to jax` */
export function configureExport(command: Command): void {
  command
    .argument(
      "<loss>",
      "name of a loss, a variant such as meanFlow@-target, the .json file of a recipe, a module of your own, or the folder of a training run",
    )
    .requiredOption("--to <framework>", `framework of the source: ${Object.keys(targets).join(", ")}`)
    .option("--output <folder>", "folder of the files; default one named after the loss and the framework")
    .option("--without-stops <labels>", "stop-gradients to leave out, separated by commas")
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

/** The files of an export, and the name of what is exported. */
async function exported(given: string, options: ExportOptions): Promise<{ name: string; files: ExportedFiles }> {
  const to = targetOf(options.to);
  const { loss, off, variant } = await namedLoss("export", given, options.withoutStops);
  const formula = plainFormula(struckFormula(loss.markedFormula, off));
  return { name: printVariant(variant), files: lossFiles(loss, { to, withoutStops: off, formula }) };
}

/** @throws DomainError if the folder holds anything: files that were edited are not replaced */
function writeFiles(folder: string, files: ExportedFiles): void {
  if (folder === "") throw new DomainError(`export: --output must name a folder, got ""`);
  const [found] = existsSync(folder) ? readdirSync(folder) : [];
  if (found !== undefined)
    throw new DomainError(
      `export: ${folder} must be an empty folder, got one that holds ${found}; choose another folder with --output`,
    );
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileAtomic(join(folder, name), content);
}
