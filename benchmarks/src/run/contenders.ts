import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Case } from "../groups/group.ts";
import type { Task } from "../tasks/task.ts";
import type { ImplementationOptions } from "../worker/implementation.ts";
import type { NodeBinary } from "./nodeBinary.ts";
import type { Competitor } from "./pool.ts";
import type { Command } from "./process.ts";

/** Role of a contender, which decides where it runs. */
export type Role = "ours" | "oneThread" | "twoThreads" | "reference" | "otherNode" | "peer" | "slowPeer" | "guest";

/** A contender with its own process. */
export interface Contender extends Competitor {
  readonly role: Role;
  readonly command: Command;
  /** Kinds of tasks that it has no code for; cases of such tasks leave it out. Default none */
  readonly lacks?: readonly Task["kind"][];
}

/** Kinds of tasks of pictures. */
const ofPictures = ["conv", "attention", "network"] as const satisfies readonly Task["kind"][];

/** The contenders of a case: those whose roles it names, without those that have no code for its task. */
export const contendersOf = (all: readonly Contender[], { roles, task }: Case): Contender[] =>
  all.filter(({ role, lacks = [] }) => roles.includes(role) && !lacks.includes(task.kind));

/** Optional contenders. */
export interface ContenderOptions {
  /** The compiled worker. */
  readonly worker: string;
  readonly python: string;
  /** Further Node binaries that run this project in addition to the present one. */
  readonly nodes: readonly NodeBinary[];
  /** Modules of further implementations by name. */
  readonly guests: Readonly<Record<string, string>>;
}

/** Name of the contender that ratios refer to: this project with its defaults, one thread for each core. */
export const ourName = "pushforward";

/** All contenders, in the order of the columns. */
export function makeContenders({ worker, python, nodes, guests }: ContenderOptions): Contender[] {
  const inNode = (implementation: string, options: ImplementationOptions = {}, node?: NodeBinary): Command => ({
    file: node?.file ?? process.execPath,
    args: [...(node?.flags ?? []), worker, implementation, JSON.stringify(options)],
  });
  const two: Contender[] =
    cpus().length > 2
      ? [{ name: `${ourName}, 2 threads`, role: "twoThreads", command: inNode("ours", { threads: 2 }) }]
      : [];
  return [
    { name: ourName, role: "ours", command: inNode("ours") },
    { name: `${ourName}, 1 thread`, role: "oneThread", command: inNode("ours", { threads: 1 }) },
    ...two,
    ...nodes.flatMap((node): Contender[] => [
      { name: `${ourName}, ${node.name}`, role: "otherNode", command: inNode("ours", {}, node) },
      { name: `${ourName}, ${node.name}, 1 thread`, role: "otherNode", command: inNode("ours", { threads: 1 }, node) },
    ]),
    { name: `${ourName}, reference`, role: "reference", command: inNode("ours", { backend: "reference" }) },
    { name: "jax-js", role: "peer", command: inNode("jaxJs"), lacks: ofPictures },
    { name: "tfjs", role: "slowPeer", command: inNode("tfjs"), lacks: ofPictures },
    { name: "plain JS", role: "slowPeer", command: inNode("plain"), lacks: ["attention", "network"] },
    jax(python, join(import.meta.dirname, "../worker/jaxWorker.py")),
    ...Object.entries(guests).map(
      ([name, path]): Contender => ({ name, role: "guest", command: inNode(pathToFileURL(path).href) }),
    ),
  ];
}

function jax(python: string, script: string): Contender {
  const { status, error } = spawnSync(python, ["-c", "import jax"], { stdio: "ignore" });
  const name = basename(python);
  const absent = status === 0 ? undefined : `absent: ${error ? `no ${name}` : `${name} cannot import jax`}`;
  return { name: "JAX", role: "peer", command: { file: python, args: [script] }, absent };
}
