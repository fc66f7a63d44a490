import { Command, CommanderError } from "commander";
import { type CommandEntry, commands } from "./commands/index.ts";

/** What adds arguments, options and action to a command, by the command's name. */
export type Configurations = ReadonlyMap<string, (command: Command) => void>;

/** Loads the modules of all commands. */
export const loadCommands = async (): Promise<Configurations> =>
  new Map(await Promise.all(commands.map(async ({ name, load }) => [name, await load()] as const)));

/**
 * The `pushforward` command with all its subcommands.
 *
 * @param loaded commands that have their options from the beginning; by default the one that is called gets them
 */
export function makeProgram(loaded?: Configurations): Command {
  const program = new Command("pushforward")
    .description("Train, compare and verify flow maps and the losses that distil them.")
    .version("0.1.0")
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${usageOf(command)}` });
  if (!loaded) program.hook("preSubcommand", async (_program, command) => (await entryOf(command).load())(command));
  for (const { name, description } of commands) {
    const command = program.command(name).description(description);
    loaded?.get(name)?.(command);
  }
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showSuggestionAfterError(false)
      .configureOutput({
        outputError: (message, write) => write(`pushforward: ${complete(program, command, message)}\n`),
      });
  }
  return program;
}

const entryOf = (command: Command): CommandEntry => commands.find(({ name }) => name === command.name())!;

/** What follows the name of a command. */
export const usageOf = (command: Command): string => ["[options]", entryOf(command).arguments ?? ""].join(" ").trim();

/** A complaint about the command line with what would have been understood. */
function complete(program: Command, command: Command, message: string): string {
  const text = message.replace(/^error: /, "").trim();
  const where = command === program ? "" : `${command.name()}: `;
  const help = `pushforward ${command === program ? "<command>" : command.name()} --help says more`;
  const allowed = /^unknown (command|option)/.exec(text)?.[1];
  if (allowed === "command") return `${text}; there are ${program.commands.map((each) => each.name()).join(", ")}`;
  if (allowed === "option") return `${where}${text}; there are ${optionsOf(command).join(", ")}`;
  return `${where}${text}; ${help}`;
}

const optionsOf = (command: Command): string[] => [
  ...command.options.filter((option) => !option.hidden).map((option) => option.long!),
  "--help",
];

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
    const { describeError } = await import("./describeError.ts");
    process.stderr.write(`pushforward: ${describeError(error)}\n`);
    return 1;
  }
}
