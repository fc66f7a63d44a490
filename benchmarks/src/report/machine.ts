import { cpus, loadavg, platform, release, totalmem } from "node:os";

/** Where and how a run was made. */
export interface Machine {
  readonly date: string;
  readonly command: string;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  /** Processes that wanted to run in the minute before, on average. */
  readonly loadBefore: number;
}

/** This machine, now. */
export function thisMachine(command: string, now: Date = new Date()): Machine {
  return {
    date: now.toISOString(),
    command: withoutFolders(command),
    node: process.versions.node,
    system: `${platform()} ${release()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory: totalmem(),
    loadBefore: loadavg()[0],
  };
}

/** A text whose absolute paths have lost their folders: where things lie on one machine is nobody's business. */
export const withoutFolders = (text: string): string =>
  text.replaceAll(/(?<![\w.:/])(?:\/[^\s'"=:/]+)+\/([^\s'"=:/]+)/g, "…/$1");
