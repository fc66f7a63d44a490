import { constants } from "node:os";
import { resumeLine } from "../experiments/reproduce.ts";
import { whileHolding } from "../run/claim.ts";

/** Signals that end a command and can be handled before. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Works on the folder of a run as its only writer, from training to the report. If a signal ends the work, standard error says how to
 * resume it.
 *
 * The work must let the event loop turn, as trainings do after every update and judging does after every row: a signal waits for that.
 *
 * @param path of the run
 * @throws FolderHeldError if another process writes into the folder
 */
export async function interruptible<T>(path: string, work: () => Promise<T>): Promise<T> {
  const end = (signal: (typeof endings)[number]): never => {
    process.stderr.write(`\npushforward: stopped by ${signal}; ${howToGoOn(path)}`);
    process.exit(128 + constants.signals[signal]); // as shells count; lets exit handlers give the folder free
  };
  return whileHolding(path, async () => {
    for (const signal of endings) process.on(signal, end);
    try {
      return await work();
    } finally {
      for (const signal of endings) process.off(signal, end);
    }
  });
}

/** Trains in the folder of a new run. If an error ends the training, standard error says how to resume it. */
export async function resumable<T>(path: string, train: () => Promise<T>): Promise<T> {
  try {
    return await train();
  } catch (error) {
    process.stderr.write(`pushforward: the run is kept; ${howToGoOn(path)}`);
    throw error;
  }
}

const howToGoOn = (path: string): string => `${resumeLine(path)} goes on from the last checkpoint\n`;
