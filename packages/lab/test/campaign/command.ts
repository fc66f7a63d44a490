import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { currentBundle } from "../../bin/bundle.mjs";
import { atExit } from "./atExit.ts";
import { hold } from "./part.ts";

/** The bundle itself, where one can be made: finding it is most of a start. */
const bundle = await currentBundle();
const entry = fileURLToPath(bundle ?? new URL("../../bin/pushforward.mjs", import.meta.url));

/** How a command ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** A command with its children, as a group of processes. */
export interface Running {
  readonly ended: Promise<Ending>;
  /** Sends a signal to the command alone, or to its children as well. */
  send(signal: NodeJS.Signals, isToAll: boolean): void;
  /** Resolves when no process of the group is left. */
  gone(): Promise<void>;
}

/** Starts the command in a group of its own. */
export function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const send = (signal: NodeJS.Signals | 0, isToAll: boolean): boolean => {
    try {
      return process.kill(isToAll ? -child.pid! : child.pid!, signal);
    } catch {
      return false; // it has ended
    }
  };
  let output = "";
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, output }));
  });
  const forget = atExit(() => send("SIGKILL", true));
  const gone = async (): Promise<void> => {
    const begin = performance.now();
    while (send(0, true)) {
      hold(performance.now() - begin < 60_000, () => `processes of ${args.join(" ")} outlive it by a minute`);
      await sleep(5);
    }
    forget();
  };
  return { ended, send, gone };
}

/** Runs a command to its end. */
export async function run(args: readonly string[]): Promise<Ending> {
  const { ended, gone } = start(args);
  const ending = await ended;
  await gone();
  return ending;
}

/** Runs a command that must succeed. */
export async function succeed(args: readonly string[]): Promise<void> {
  const { code, signal, output } = await run(args);
  hold(code === 0, () => `${args.join(" ")} ended with ${code ?? signal}: ${output.trim().slice(-600)}`);
}

/** A stack trace in what a command printed. */
export const hasStack = (output: string): boolean => /^\s+at .+:\d+:\d+\)?$/m.test(output);

/** Folders of the trainings in a run, relative to it. */
export const trainingsIn = (path: string): string[] =>
  (readdirSync(path, { recursive: true, encoding: "utf8" }) as string[])
    .filter((name) => name.endsWith("checkpoint.safetensors"))
    .map((name) => name.slice(0, -"checkpoint.safetensors".length))
    .sort();

/** Checks that a run has the bits of an unbroken one, and that nothing else lies there. */
export function holdSameBits(path: string, whole: string): void {
  const [own, other] = [trainingsIn(path), trainingsIn(whole)];
  hold(own.join() === other.join(), () => `trainings are ${own.join()} instead of ${other.join()}`);
  for (const training of other) {
    for (const file of ["checkpoint.safetensors", "metrics.jsonl"]) {
      const [a, b] = [path, whole].map((folder) => readFileSync(join(folder, training, file)));
      hold(a.equals(b), () => `${join(training, file)} differs from that of the unbroken run`);
    }
  }
  const left = (readdirSync(path, { recursive: true, encoding: "utf8" }) as string[]).filter((name) =>
    /\.partial$|writer-\d+\.json$/.test(name),
  );
  hold(left.length === 0, () => `left behind: ${left.join(", ")}`);
}

/** Goes on with a run that was broken off at any moment: begins it again if it had not begun. */
export const goOn = (train: readonly string[], path: string): string[] =>
  existsSync(join(path, "config.json"))
    ? ["resume", path, ...(train[0] === "train" ? ["--train-only"] : [])]
    : [...train];
