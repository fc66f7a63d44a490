import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { backendVariable } from "@pushforward/tensor";
import { vi } from "vitest";
import { runCli } from "../../src/cli.ts";

/** The script of the command. */
export const entry = fileURLToPath(new URL("../../bin/pushforward.mjs", import.meta.url));

/** The outcome of a command. */
export interface Outcome {
  readonly code: number | null;
  readonly signal?: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a script in a process of its own. As outside of tests, its default backend is that of the library. */
export const startProcess = (script: string, args: readonly string[] = [], cwd?: string): ChildProcess =>
  spawn(process.execPath, [script, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd,
    env: { ...process.env, [backendVariable]: undefined },
  });

/** Starts the command in a process of its own. */
export const startCommand = (args: readonly string[], cwd?: string): ChildProcess => startProcess(entry, args, cwd);

/** The end of a started command. */
export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Runs the command in a process of its own to its end. */
export const runCommand = (args: readonly string[], cwd?: string): Promise<Outcome> =>
  outcomeOf(startCommand(args, cwd));

/**
 * Runs the command inside this process, which spares the start of another: for what needs no process of its own. As outside of
 * tests, the default backend is that of the library.
 */
export async function runHere(args: readonly string[]): Promise<Outcome> {
  let [stdout, stderr] = ["", ""];
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  vi.stubEnv(backendVariable, undefined);
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    const code = await runCli(args);
    return { code, stdout, stderr };
  } finally {
    process.exitCode = before;
    vi.unstubAllEnvs();
    out.mockRestore();
    err.mockRestore();
  }
}

/** Waits until something holds, looking every few milliseconds; gives up when the process has ended. */
export async function until(child: ChildProcess, holds: () => boolean): Promise<void> {
  while (!holds()) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("the command ended before it was time");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
