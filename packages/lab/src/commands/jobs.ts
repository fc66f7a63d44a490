import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { wholeNumber } from "./wholeNumber.ts";

/** Most processes at a time; more only slow each other down. */
const mostJobs = 256;

/** Adds the option for the number of losses that train at a time. */
export const withJobs = (command: Command): Command =>
  command.option("--jobs <n>", "losses that train at a time, each in a process; default one per core");

/**
 * The number of losses that train at a time.
 *
 * @throws DomainError for anything but a whole number from 1
 */
export const jobsOf = (command: string, text: string | boolean | undefined): number =>
  typeof text === "string" ? wholeNumber(command, "jobs", text, 1, mostJobs) : availableParallelism();
