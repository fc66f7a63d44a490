import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./atExit.ts";
import type { Counts, Part } from "./part.ts";
import { Random } from "./random.ts";

/** Results of the trials of a part. */
export interface PartReport {
  readonly name: string;
  readonly what: string;
  readonly seed: number;
  readonly seconds: number;
  readonly trials: number;
  readonly counts: Counts;
  readonly failures: readonly Failure[];
  /** Why the part did not run. */
  readonly skipped?: string;
}

/** A trial in which something did not hold. */
export interface Failure {
  /** The command that repeats it. */
  readonly reproduce: string;
  readonly message: string;
}

/** How long and from which seed a part runs. */
export interface PartOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Runs the trial of this seed alone. */
  readonly trial?: number;
}

/** Failures after which a part ends: the next ones would say the same. */
const mostFailures = 5;

/** Runs the trials of a part until its time is used up, at least one. */
export async function runPart(part: Part, { seed, seconds, trial }: PartOptions): Promise<PartReport> {
  const report = { name: part.name, what: part.what, seed };
  const obstacle = part.obstacle?.();
  if (obstacle !== undefined) return { ...report, seconds: 0, trials: 0, counts: {}, failures: [], skipped: obstacle };
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  const folder = mkdtempSync(join(tmpdir(), `campaign-${part.name}-`));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const forget = atExit(remove);
  const counts: Record<string, number> = {};
  const failures: Failure[] = [];
  const seeds = new Random(seed);
  let trials = 0;
  try {
    const setup = await part.setUp(subfolder(folder, "setup"));
    do {
      const trialSeed = trial ?? seeds.whole(0, 2 ** 31 - 1);
      trials++;
      const place = subfolder(folder, String(trials));
      try {
        const seen = await part.trial(setup, new Random(trialSeed), place);
        for (const [name, count] of Object.entries(seen)) counts[name] = (counts[name] ?? 0) + count;
      } catch (error) {
        failures.push(failureOf(part, trialSeed, error));
      } finally {
        rmSync(place, { recursive: true, force: true });
      }
    } while (trial === undefined && elapsed() < seconds && failures.length < mostFailures);
  } finally {
    remove();
    forget();
  }
  return { ...report, seconds: elapsed(), trials, counts, failures };
}

function subfolder(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

const failureOf = ({ name }: Part, trial: number, error: unknown): Failure => ({
  reproduce: `npx --yes pnpm@10 campaign --only ${name} --trial ${trial}`,
  message: error instanceof Error ? error.message : String(error),
});

/** A report for a terminal. */
export function describePart({ name, seed, seconds, trials, counts, failures, skipped }: PartReport): string {
  if (skipped !== undefined) return `${name}: skipped: ${skipped}`;
  const seen = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const parts = seen.map(([what, count]) => `${count} ${what}`).join(", ");
  return [
    `${name}: seed ${seed}, ${trials} trials in ${seconds.toFixed(0)} s, ${failures.length} failed${parts && `: ${parts}`}`,
    ...failures.map(({ reproduce, message }) => `  ${message}\n  again: ${reproduce}`),
  ].join("\n");
}
