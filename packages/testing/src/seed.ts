import { type DenseTensor, key } from "@pushforward/tensor";
import fc from "fast-check";

/** Environment variables that change settings; a browser has none. */
const environment: Readonly<Record<string, string | undefined>> = globalThis.process?.env ?? {};

/** Seed of every property: fixed, so that a failure can be repeated; PUSHFORWARD_SEED names another (nightly runs). */
export const defaultSeed = Number(environment.PUSHFORWARD_SEED ?? 20250519);

/** Factor on the number of cases: PUSHFORWARD_CASES=10 runs ten times as many. */
const caseFactor = Number(environment.PUSHFORWARD_CASES ?? 1);

/** Options of forAll. */
export interface ForAllOptions {
  /** Number of cases; default 100. */
  readonly runs?: number;
  readonly seed?: number;
  /** Replays one case: the path that a failure printed. */
  readonly path?: string;
}

/**
 * A property with a fixed seed: `law` must not throw (nor return false) for any value.
 *
 * A failure shows the smallest case found, the seed and path, and the options that replay it.
 */
export function forAll<T>(values: fc.Arbitrary<T>, law: (value: T) => unknown, options: ForAllOptions = {}): void {
  const { runs = 100, seed = defaultSeed, path } = options;
  const details = fc.check(
    fc.property(values, (value) => law(value) !== false),
    { seed, path, numRuns: Math.ceil(runs * caseFactor) },
  );
  if (!details.failed) return;
  const repro = `repeat with forAll(…, { seed: ${details.seed}, path: ${JSON.stringify(details.counterexamplePath)} })`;
  throw new Error(`${repro}\n${fc.defaultReportMessage(details)}`, { cause: details.errorInstance });
}

/**
 * Runs `body` with the key of a seed; an error names the seed.
 */
export function withSeed<T>(seed: number, body: (key: DenseTensor) => T): T {
  try {
    return body(key(seed));
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
