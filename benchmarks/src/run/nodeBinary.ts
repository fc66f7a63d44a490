import { execFileSync } from "node:child_process";
import { DomainError } from "@pushforward/tensor";

/** A Node that runs workers. */
export interface NodeBinary {
  readonly file: string;
  readonly flags: readonly string[];
  /** Name in the tables: "Node 26.1.0 --flag". */
  readonly name: string;
}

/**
 * Finds a Node from the command line: a path, or a version from npm, followed by flags.
 *
 *   "26 --experimental-wasm-revectorize",  "/opt/node/bin/node"
 *
 * @throws DomainError if it cannot be started
 */
export function findNode(text: string): NodeBinary {
  const [where, ...flags] = text.trim().split(/\s+/);
  try {
    const file = /^\d+(\.\d+)*$/.test(where) ? fromNpm(where) : where;
    const version = output(file, [...flags, "-p", "process.versions.node"]);
    return { file, flags, name: ["Node", version, ...flags.map(shortFlag)].join(" ") };
  } catch (error) {
    throw new DomainError(
      `bench: --node must be a path or a version, followed by flags, got ${JSON.stringify(text)}: ${(error as Error).message.split("\n")[0]}`,
      { cause: error },
    );
  }
}

/** The path of a Node that npm unpacks into its cache. */
const fromNpm = (version: string): string =>
  output("npx", ["--yes", "-p", `node@${version}`, "node", "-p", "process.execPath"]);

/** A short name for the relevant flag, so that columns stay narrow. */
const shortFlag = (flag: string): string => (flag === "--experimental-wasm-revectorize" ? "wide" : flag);

const output = (file: string, args: readonly string[]): string =>
  execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
