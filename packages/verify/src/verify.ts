import { DomainError, didYouMean, foldIn, key, quote } from "@pushforward/tensor";
import { checkLaw, type LawReport } from "./checkLaw.ts";
import type { Law } from "./law.ts";
import { laws as catalogue } from "./laws/index.ts";

/** Progress of a run. */
export interface VerifyProgress {
  /** The current law. */
  readonly law: string;
  /** Identity instances checked so far, over all laws. */
  readonly done: number;
  /** Identity instances in the whole run. */
  readonly total: number;
}

/** Settings of {@link verify}. */
export interface VerifyOptions {
  /** Identity instances over all laws; every law gets at least one. Default 10,000. */
  readonly cases?: number;
  /** Seed of all instances. Default 0. */
  readonly seed?: number;
  /** The laws, also laws of the caller; the catalogue by default. */
  readonly laws?: readonly Law[];
  /** Names of the laws to check; all by default. */
  readonly only?: readonly string[];
  /** Called after every batch. */
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** Called with the report of each law as soon as it is checked. */
  readonly onReport?: (report: LawReport) => void;
}

/** The result of {@link verify}. */
export interface VerifyReport {
  readonly laws: readonly LawReport[];
}

/**
 * Checks laws on random instances, and the controls on the same number of instances: the identity catalogue, or laws of the
 * caller.
 *
 * A law passes if every residual is within its bound and at least 99 % of the control's are not. Instances depend only on the
 * seed, the law's name and their index, not on the other laws.
 *
 * @throws DomainError for bad settings or an unknown law
 */
export function verify(options: VerifyOptions = {}): VerifyReport {
  const { cases = 10_000, seed = 0, onProgress, onReport } = options;
  if (!Number.isInteger(cases) || cases < 1) {
    throw new DomainError(`verify: cases must be a whole number ≥ 1, got ${cases}`);
  }
  const laws = selectLaws(options.laws ?? catalogue, options.only);
  const counts = distributeCases(laws, cases);
  const total = counts.reduce((a, b) => a + b, 0);
  let before = 0;
  return {
    laws: laws.map((law, i) => {
      const advance = (done: number): void => onProgress?.({ law: law.name, done: before + done, total });
      const report = checkLaw(law, counts[i], foldIn(key(seed), hashOf(law.name)), advance);
      before += counts[i];
      onReport?.(report);
      return report;
    }),
  };
}

function selectLaws(all: readonly Law[], only: readonly string[] | undefined): readonly Law[] {
  if (only === undefined) return all;
  const names = all.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new DomainError(
      `verify: no law is called ${quote(unknown)}${didYouMean(unknown, names) || `; pushforward verify --cases 1 lists all ${names.length}`}`,
    );
  }
  return all.filter((law) => only.includes(law.name));
}

/** Instances per law: in proportion to their weights, and at least one, so that a very small run has slightly more than requested. */
export function distributeCases(laws: readonly Law[], cases: number): number[] {
  const all = laws.reduce((sum, law) => sum + law.weight, 0);
  let sum = 0;
  return laws.map((law) => {
    const start = Math.round((sum * cases) / all);
    sum += law.weight;
    return Math.max(1, Math.round((sum * cases) / all) - start);
  });
}

/** FNV-1a of a name, 32 bits: laws draw from keys that do not depend on their order. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
