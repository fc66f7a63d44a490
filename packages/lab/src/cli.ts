import { BackendError, DomainError, DTypeError, ShapeError } from "@pushforward/tensor";
import { Command, CommanderError } from "commander";
import { commands } from "./commands/index.ts";

const ownErrors = [BackendError, DomainError, DTypeError, ShapeError];

/** The `pushforward` command with all its subcommands. */
export function makeProgram(): Command {
  const program = new Command("pushforward")
    .description("Train, compare and verify flow maps and the losses that distil them.")
    .version("0.1.0")
    .showSuggestionAfterError()
    .showHelpAfterError("(pushforward --help lists the commands, pushforward <command> --help their options)")
    .exitOverride();
  for (const add of commands) add(program);
  for (const command of program.commands) command.exitOverride().showSuggestionAfterError().showHelpAfterError(false);
  return program;
}

/**
 * Runs the command line.
 *
 * @returns the exit code: 0, or 1 with a message on standard error
 */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    const program = makeProgram();
    await program.parseAsync(args.length > 0 ? args : ["--help"], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    const isOwn = ownErrors.some((type) => error instanceof type);
    process.stderr.write(
      `pushforward: ${isOwn ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`,
    );
    return 1;
  }
}
