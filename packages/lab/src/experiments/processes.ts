import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { DomainError } from "@pushforward/tensor";
import type { TrainConfig } from "../config.ts";
import { startProgress } from "../run/progress.ts";
import type { RunFolder } from "../run/runFolder.ts";
import type { Display } from "../training/trainingRun.ts";

/** What starts the command: inside the workspace a script that reads TypeScript, in the published package main.js. */
const entry = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../bin/pushforward.mjs" : "../main.js", import.meta.url),
);

/** What a training process tells its parent. */
export interface ProgressMessage {
  readonly done: number;
}

/** The end of what a failed process wrote that is shown. */
const shownError = 2000;

/**
 * Trains several runs at a time, each in a process of its own, which get the cores in equal shares: small steps gain more from
 * that than from threads.
 *
 * @throws DomainError with what the first failed process wrote; the others are stopped, and all can be resumed
 */
export async function trainInProcesses(
  runs: readonly RunFolder<TrainConfig>[],
  jobs: number,
  display: Display,
): Promise<void> {
  const total = runs.reduce((sum, { config }) => sum + config.steps, 0);
  const progress = startProgress({ label: "losses", total, ...(display.isQuiet ? { plain: true } : {}) });
  const done = new Map<string, number>();
  const stop = new AbortController();
  const waiting = [...runs];
  const processes = Math.min(jobs, runs.length);
  const threads = Math.max(1, Math.floor(availableParallelism() / processes));
  const work = async (): Promise<void> => {
    for (let run = waiting.shift(); run; run = waiting.shift()) {
      const { path, config } = run;
      await trainInProcess(path, { threads, signal: stop.signal }, (steps) => {
        done.set(path, steps);
        progress.update(
          [...done.values()].reduce((sum, n) => sum + n, 0),
          config.loss,
        );
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: processes }, work));
  } catch (error) {
    stop.abort();
    throw error;
  } finally {
    progress.finish();
  }
}

function trainInProcess(
  path: string,
  { threads, signal }: { readonly threads: number; readonly signal: AbortSignal },
  onProgress: (done: number) => void,
): Promise<void> {
  return new Promise((succeed, fail) => {
    const child = spawn(process.execPath, [entry, "resume", path, "--train-only", "--supervised"], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { PUSHFORWARD_THREADS: String(threads), ...process.env },
      signal,
    });
    let errors = "";
    child.stderr!.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-shownError);
    });
    child.on("message", (message) => onProgress((message as ProgressMessage).done));
    child.on("error", (error) => (error.name === "AbortError" ? succeed() : fail(error)));
    child.on("close", (code, killed) => {
      if (code === 0 || signal.aborted) succeed();
      else
        fail(
          new DomainError(
            `compare: training ${path} ended with ${code === null ? killed : `code ${code}`}: ${errors.trim()}`,
          ),
        );
    });
  });
}
