import { Command, CommanderError } from "commander";
import { type CommandEntry, commands } from "./commands/index.ts";
import { version } from "./version.ts";

/** Functions that add arguments, options and action to a command, by the command's name. */
export type Configurations = ReadonlyMap<string, (command: Command) => void>;

/** Loads the modules of all commands. */
export const loadCommands = async (): Promise<Configurations> =>
  new Map(await Promise.all(commands.map(async ({ name, load }) => [name, await load()] as const)));

/**
 * The `pushforward` command with all its subcommands.
 *
 * @param loaded configurations of commands that get their options at once; by default a command gets them when it is called
 */
export function makeProgram(loaded?: Configurations): Command {
  const program = new Command("pushforward")
    .description("Train, compare and verify flow maps and the losses that distil them.")
    .version(version)
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
      .showSuggestionAfterError(true)
      .configureOutput({
        outputError: (message, write) => write(`pushforward: ${complete(program, command, message)}\n`),
      });
  }
  return program;
}

const entryOf = (command: Command): CommandEntry => commands.find(({ name }) => name === command.name())!;

/** The arguments of a command as help writes them. */
export const usageOf = (command: Command): string => ["[options]", entryOf(command).arguments ?? ""].join(" ").trim();

/** An error of the command line with a suggestion, the list of commands, or the help that lists what is allowed. */
function complete(program: Command, command: Command, message: string): string {
  const [text, suggestion] = message
    .replace(/^error: /, "")
    .trim()
    .split(/\n\(Did you mean (.*)\?\)/s);
  const short = text.replace(/'([^']{80})[^']*'/g, "'$1…'");
  const where = command === program ? "" : `${command.name()}: `;
  if (suggestion !== undefined) return `${where}${short}; did you mean ${suggestion.replace(/^one of /, "")}?`;
  if (/^unknown command/.test(text)) return `${short}; there are ${commands.map(({ name }) => name).join(", ")}`;
  const help = `pushforward ${command === program ? "<command>" : command.name()} --help`;
  return `${where}${short}; ${help} ${/^unknown option/.test(text) ? "lists all" : "says more"}`;
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
    const { describeError } = await import("./describeError.ts");
    process.stderr.write(`pushforward: ${describeError(error)}\n`);
    return 1;
  }
}
