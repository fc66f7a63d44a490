import { cpus, loadavg, platform, release, totalmem } from "node:os";

/** Machine and settings of a run. */
export interface Machine {
  readonly date: string;
  readonly command: string;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  /** Load average of the minute before the run. */
  readonly loadBefore: number;
}

/** The present state of this machine. */
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

/** A text whose absolute paths have lost their folders, which are private to the machine. */
export const withoutFolders = (text: string): string =>
  text.replaceAll(/(?<![\w.:/])(?:\/[^\s'"=:/]+)+\/([^\s'"=:/]+)/g, "…/$1");
