import { outcomeOf, startCommand } from "../../../packages/lab/test/support/command.ts";

/** The words before the arguments in every copied command line. */
const start = "npx --yes pnpm@10 pushforward ";

/**
 * Standard output of a copied command line.
 *
 * @throws Error with standard error, unless the command succeeds
 */
export async function runCommandLine(line: string): Promise<string> {
  if (!line.startsWith(start)) throw new Error(`a command line must start with "${start}", got "${line}"`);
  const { code, stdout, stderr } = await outcomeOf(startCommand(line.slice(start.length).split(" ")));
  if (code !== 0) throw new Error(`${line} must succeed, got ${code}: ${stderr}`);
  return stdout;
}
