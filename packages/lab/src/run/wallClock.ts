import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "./atomicFile.ts";

/**
 * Wall time of a run over all processes that worked on it. It stands in a file of its own, timing.json: checkpoints and
 * metrics are the same bits however long they took.
 */
export class WallClock {
  private readonly path: string;
  private readonly before: number;
  private readonly begin = performance.now();
  private last: number;

  constructor(folder: string) {
    this.path = join(folder, "timing.json");
    this.before = readSeconds(this.path);
    this.last = this.before;
  }

  /** Time up to the last save, in s. */
  get seconds(): number {
    return this.last;
  }

  /** Writes down the time so far; call it with every checkpoint. */
  save(): void {
    this.last = this.before + (performance.now() - this.begin) / 1000;
    writeFileAtomic(this.path, `${JSON.stringify({ seconds: this.last })}\n`);
  }
}

/** A time that cannot be read is no reason to lose a run. */
function readSeconds(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    const { seconds } = JSON.parse(readFileSync(path, "utf8")) as { seconds?: unknown };
    return typeof seconds === "number" && seconds >= 0 ? seconds : 0;
  } catch {
    return 0;
  }
}
