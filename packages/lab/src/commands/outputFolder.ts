import { existsSync } from "node:fs";
import { join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import type { Command } from "commander";

/** Adds the options that say where a run and its result go. */
export const withOutput = (command: Command): Command =>
  command
    .option("--output <folder>", "folder of the run; default a new one in runs/")
    .option("--json", "print JSON alone on standard output");

/**
 * The folder that was named, or the first free one of this name in runs/.
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
