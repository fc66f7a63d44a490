import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "./atomicFile.ts";

/** The content of timing.json. */
interface Timing {
  readonly seconds?: unknown;
  readonly device?: unknown;
  readonly updates?: unknown;
  readonly updating?: unknown;
}

/**
 * Wall time of a run over all processes that worked on it. It has a file of its own, timing.json: checkpoints and metrics are the
 * same bits for every duration and device.
 */
export class WallClock {
  /** The GPU that the run uses, if any. */
  device: string | undefined;
  private readonly path: string;
  private readonly before: number;
  private readonly begin = performance.now();
  private last: number;
  private hasCompiled = false;
  private updates: number;
  private updating: number;

  constructor(folder: string) {
    this.path = join(folder, "timing.json");
    const { seconds, device, updates, updating } = readTiming(this.path);
    this.before = amount(seconds);
    [this.updates, this.updating] = [amount(updates), amount(updating)];
    this.device = typeof device === "string" ? device : undefined;
    this.last = this.before;
  }

  /** Time up to the last save, in s. */
  get seconds(): number {
    return this.last;
  }

  /** Updates per second, without the first update of each process, which compiles; undefined before the second update. */
  get stepsPerSecond(): number | undefined {
    return this.updating > 0 ? this.updates / this.updating : undefined;
  }

  /** Runs an update and measures its time. */
  async timed<T>(update: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await update();
    if (this.hasCompiled) {
      this.updates++;
      this.updating += (performance.now() - start) / 1000;
    }
    this.hasCompiled = true;
    return result;
  }

  /** Writes timing.json; called with every checkpoint. */
  save(): void {
    this.last = this.before + (performance.now() - this.begin) / 1000;
    const { last: seconds, device, updates, updating } = this;
    writeFileAtomic(this.path, `${JSON.stringify({ seconds, device, updates, updating })}\n`);
  }
}

const amount = (value: unknown): number => (Number.isFinite(value) && Number(value) >= 0 ? Number(value) : 0);

/** The content of timing.json; empty if the file cannot be read, which must not end a run. */
function readTiming(path: string): Timing {
  if (!existsSync(path)) return {};
  try {
    return Object(JSON.parse(readFileSync(path, "utf8"))) as Timing;
  } catch {
    return {};
  }
}
