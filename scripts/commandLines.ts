/** Reads the command lines of pages and checks that each line can run as printed. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { type Block, blocksOf } from "./markdown.ts";
import { root } from "./workspace.ts";

/** The start of every command line on a page: the reader needs Node only. */
const prefix = "npx --yes pnpm@10 ";

/** Commands of pnpm itself. */
const builtin = ["install"];

/** The command lines of a page: lines of sh blocks, lines behind a prompt in text blocks, and spans of code. */
export interface CommandLines {
  readonly lines: readonly string[];
  readonly spans: readonly string[];
}

/** Command lines of a page, without comments. */
export function commandLinesOf(page: string): CommandLines {
  const blocks = blocksOf(page);
  return {
    lines: blocks.flatMap(linesOf).filter((line) => line !== ""),
    spans: blocks
      .filter(({ fence }) => fence === undefined)
      .flatMap(({ text }) => Array.from(text.matchAll(/`([^`\n]+)`/g), ([, span]) => span)),
  };
}

function linesOf({ fence, text }: Block): string[] {
  const lines = text.split("\n");
  const typed = lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
  const all = fence === "sh" ? lines : fence === "text" ? typed : [];
  return all.flatMap((line) => line.replace(/(^|\s)#.*$/, "").split("&&")).map((line) => line.trim());
}

/** Words of a line as a shell splits them, without quotes. */
const wordsOf = (line: string): string[] =>
  Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain);

/** The commands that a line may call, by name, each with a function that returns the fault in its arguments, or undefined. */
export type Checks = Readonly<Record<string, (args: readonly string[]) => string | undefined>>;

/**
 * The fault of a line of a page, or undefined.
 *
 * @param checks of the commands of the workspace
 */
export function complaintOf(line: string, checks: Checks): string | undefined {
  const text = line.replace(/^([A-Z_]+=\S+ )+/, "");
  const [first] = wordsOf(text);
  if (Object.hasOwn(checks, first) || first === "pnpm") return `must begin with ${prefix.trim()}`;
  if (!text.startsWith(prefix)) return undefined;
  const words = wordsOf(text.slice(prefix.length));
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const [name, ...args] = words[0] === "run" ? words.slice(1) : words;
  if (Object.hasOwn(checks, name)) return checks[name](args);
  if (name === "test") return args.map(missingPath).find((complaint) => complaint !== undefined);
  return Object.hasOwn(scripts, name) || builtin.includes(name) ? undefined : `there is no script called ${name}`;
}

/** A path of tests must exist; `<file>` is a placeholder. */
const missingPath = (path: string): string | undefined =>
  /^[-<]/.test(path) || existsSync(join(root, path)) ? undefined : `there is no ${path}`;

/** A span of TypeScript, which may begin with the name of a command. */
const isDeclaration = (span: string): boolean => /^export (?:const|function|type|interface|\{|\*)/.test(span);

/** The fault of a span, or undefined. A single word is a name, and a command of the program may appear with its signature. */
export function complaintOfSpan(span: string, program: Command, checks: Checks): string | undefined {
  if (!span.includes(" ") || isDeclaration(span)) return undefined;
  const command = program.commands.find((each) => span.startsWith(`${each.name()} `));
  if (!command) return complaintOf(span, checks);
  const signature = [command.name(), ...command.registeredArguments.map(argumentText)].join(" ");
  return span === signature ? undefined : `must begin with ${prefix}${program.name()}`;
}

/** An argument as help and tables write it. */
const argumentText = (argument: { required: boolean; variadic: boolean; name(): string }): string => {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};
