import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "./atomicFile.ts";

/** What timing.json holds. */
interface Timing {
  readonly seconds?: unknown;
  readonly device?: unknown;
}

/**
 * Wall time of a run over all processes that worked on it. It stands in a file of its own, timing.json: checkpoints and
 * metrics are the same bits however long they took, and on what.
 */
export class WallClock {
  /** The GPU that the run uses, if any. */
  device: string | undefined;
  private readonly path: string;
  private readonly before: number;
  private readonly begin = performance.now();
  private last: number;

  constructor(folder: string) {
    this.path = join(folder, "timing.json");
    const { seconds, device } = readTiming(this.path);
    this.before = typeof seconds === "number" && seconds >= 0 ? seconds : 0;
    this.device = typeof device === "string" ? device : undefined;
    this.last = this.before;
  }

  /** Time up to the last save, in s. */
  get seconds(): number {
    return this.last;
  }

  /** Writes down the time so far; call it with every checkpoint. */
  save(): void {
    this.last = this.before + (performance.now() - this.begin) / 1000;
    writeFileAtomic(this.path, `${JSON.stringify({ seconds: this.last, device: this.device })}\n`);
  }
}

/** A time that cannot be read is no reason to lose a run. */
function readTiming(path: string): Timing {
  if (!existsSync(path)) return {};
  try {
    return Object(JSON.parse(readFileSync(path, "utf8"))) as Timing;
  } catch {
    return {};
  }
}
