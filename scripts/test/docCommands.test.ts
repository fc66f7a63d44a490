import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { lossOfVariant, problemNames } from "@pushforward/training";
import { type Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { makeProgram as makeBench } from "../../benchmarks/src/cli.ts";
import { loadCommands, makeProgram as makeLab } from "../../packages/lab/src/cli.ts";
import { type RawOptions, settingsOf } from "../../packages/lab/src/commands/settingOptions.ts";
import { parseCompareConfig, parseStudyConfig, parseTrainConfig } from "../../packages/lab/src/config.ts";
import { isDataFile } from "../../packages/lab/src/problems/formats.ts";
import { isSource } from "../../packages/lab/src/sources/readSources.ts";
import { losses } from "../../packages/losses/src/index.ts";
import { laws } from "../../packages/verify/src/index.ts";
import { type Checks, commandLinesOf, complaintOf, complaintOfSpan } from "../commandLines.ts";
import { pages } from "../markdown.ts";
import { root } from "../workspace.ts";

/** A line as commander parsed it: the command with its arguments and options. */
interface Parsed {
  readonly command: string;
  readonly operands: readonly string[];
  readonly options: RawOptions;
}

/**
 * Parses a line with the command's own parser, without running the command.
 *
 * @throws CommanderError as in the command
 */
function parse(program: Command, args: readonly string[]): Parsed {
  let parsed: Parsed = { command: program.name(), operands: [], options: {} };
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    if (command !== program || program.commands.length === 0)
      command.action(() => {
        parsed = { command: command.name(), operands: command.args, options: command.opts() };
      });
  }
  program.parse([...args], { from: "user" });
  return parsed;
}

/** An embedded problem, or a file, which need not exist. */
function mustBeData({ data }: RawOptions): void {
  if (typeof data === "string" && !isDataFile(data)) mustExist(problemNames, [data]);
}

/** A file in the place of a loss, which need not exist, stands for a loss of the registry. */
const lossOrFile = (name: string): string => (isSource(name) ? "meanFlow" : name);

/** Losses or files, each once. */
const lossesOrFiles = (names: readonly string[]): string[] => [...new Set(names.map(lossOrFile))];

/** Refuses names and settings that do not exist, as the command does before it starts. */
const valueChecks: Record<string, (operands: readonly string[], options: RawOptions) => unknown> = {
  train: ([loss], options) =>
    parseTrainConfig({
      data: "eightGaussians",
      ...settingsOf(options),
      kind: "train",
      loss: lossOrFile(loss),
      teacher: undefined,
    }),
  compare: (losses, { all, ...options }) =>
    all
      ? parseStudyConfig({ ...settingsOf(options), ...(losses.length > 0 ? { losses } : {}), kind: "study" })
      : parseCompareConfig({
          data: "moons",
          ...settingsOf(options),
          kind: "compare",
          losses: losses.length > 0 ? lossesOrFiles(losses) : ["lsd"],
        }),
  explain: ([loss]) => mustExist(Object.keys(losses), [lossOfVariant(lossOrFile(loss))]),
  verify: (_, { only }) =>
    mustExist(
      laws.map(({ name }) => name),
      typeof only === "string" ? only.split(",") : [],
    ),
};

function mustExist(known: readonly string[], names: readonly string[]): void {
  for (const name of names) if (!known.includes(name)) throw new Error(`there is no ${name}`);
}

/** Placeholders for names and files on a page. */
const examples: Record<string, string> = { loss: "meanFlow", file: "points.csv", columns: "x,y", law: "chainRule" };

const checkOf =
  (make: () => Command) =>
  (given: readonly string[]): string | undefined => {
    if (given.length === 0) return undefined; // prints the help
    const end = given.indexOf(">"); // the shell writes the output into a file
    const args = (end < 0 ? given : given.slice(0, end)).map((word) =>
      word.replace(/^<(.*)>$/, (_, name: string) => examples[name] ?? name),
    );
    try {
      const { command, operands, options } = parse(make(), args);
      mustBeData(options);
      valueChecks[command]?.(operands, options);
    } catch (error) {
      if (error instanceof CommanderError && error.exitCode === 0) return undefined;
      return (error as Error).message;
    }
  };

const loaded = await loadCommands();
const makeProgram = (): Command => makeLab(loaded);
const pushforward = checkOf(makeProgram);
const checks: Checks = { pushforward, start: (args) => pushforward(["start", ...args]), bench: checkOf(makeBench) };

/** Options of the campaign, from its source, because it is a script. */
const campaignOptions = Array.from(
  readFileSync(join(root, "packages/lab/test/campaign/main.ts"), "utf8").matchAll(/^ +(\w+): \{ type: /gm),
  ([, name]) => `--${name}`,
);

/** Every fault of a page, with the line. */
function complaints(page: string): string[] {
  const { lines, spans } = commandLinesOf(page);
  return [
    ...lines.map((line) => [line, complaintOf(line, checks)]),
    ...spans.map((span) => [span, complaintOfSpan(span, makeProgram(), checks)]),
  ].flatMap(([line, complaint]) => (complaint === undefined ? [] : [`${line}: ${complaint}`]));
}

const files = pages().map((file) => ({ name: relative(root, file), file }));

describe("command lines of the pages", () => {
  it.each(files)("$name prints lines that run as they stand", ({ file }) => {
    expect(complaints(readFileSync(file, "utf8"))).toEqual([]);
  });

  it("are many", () => {
    const lines = files.flatMap(({ file }) => commandLinesOf(readFileSync(file, "utf8")).lines);
    expect(lines.filter((line) => line.includes("pushforward")).length).toBeGreaterThan(15);
  });

  it.each(files)("$name names options that exist", ({ name, file }) => {
    const programs = name.startsWith("benchmarks/") ? [makeBench()] : [makeProgram(), ...makeProgram().commands];
    const known = new Set([
      ...programs.flatMap((each) => each.options.map(({ long }) => long)),
      ...campaignOptions,
      "--help",
    ]);
    const { spans } = commandLinesOf(readFileSync(file, "utf8"));
    const named = spans.filter((span) => span.startsWith("--")).map((span) => span.split(/[ =]/)[0]);
    expect(named.filter((option) => !known.has(option))).toEqual([]);
  });
});

describe("the check of command lines", () => {
  it.each([
    ["pushforward train meanFlow", "must begin with npx"],
    ["pnpm test", "must begin with npx"],
    ["npx --yes pnpm@10 pushforward train meanFlaw", "loss"],
    ["npx --yes pnpm@10 pushforward train meanFlow --step 3", "unknown option '--step'"],
    ["npx --yes pnpm@10 pushforward train meanFlow --data mons", "there is no mons"],
    ["npx --yes pnpm@10 pushforward trains meanFlow", "unknown command"],
    ["npx --yes pnpm@10 pushforward compare --all meanFlow sidd", "loss"],
    ["npx --yes pnpm@10 pushforward explain meanFlaw", "there is no meanFlaw"],
    ["npx --yes pnpm@10 pushforward verify --only dualty", "there is no dualty"],
    ["npx --yes pnpm@10 bench --quickly", "unknown option '--quickly'"],
    ["npx --yes pnpm@10 tests", "there is no script called tests"],
    ["npx --yes pnpm@10 test packages/tensors", "there is no packages/tensors"],
  ])("refuses %s", (line, words) => {
    expect(complaintOf(line, checks)).toContain(words);
    expect(complaints(`\`\`\`sh\n${line} # comment\n\`\`\``)).toHaveLength(1);
    expect(complaints(`Text with \`${line}\` in it.`)).toHaveLength(1);
  });

  it("lets a command be named by its signature, but not with other arguments", () => {
    expect(complaints("The command `train <loss>` trains.")).toEqual([]);
    expect(complaints("The command `train teacher` trains.")).toEqual([
      "train teacher: must begin with npx --yes pnpm@10 pushforward",
    ]);
  });
});
