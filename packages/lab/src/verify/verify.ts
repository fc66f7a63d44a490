import { DomainError, foldIn, key, type Tensor } from "@pushforward/tensor";
import type { Law } from "./law.ts";
import { laws as registry } from "./laws/index.ts";

/** How far a run has come. */
export interface VerifyProgress {
  /** The law being checked. */
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
  /** Names of the laws to check; all by default. */
  readonly only?: readonly string[];
  /** Told after every batch. */
  readonly onProgress?: (progress: VerifyProgress) => void;
}

/** What was found for one law. */
export interface LawReport {
  readonly name: string;
  readonly title: string;
  readonly statement: string;
  /** LaTeX. */
  readonly formula: string;
  /** What the control breaks. */
  readonly broken: string;
  readonly source?: string;
  /** Instances checked. */
  readonly cases: number;
  /** Largest residual; the largest number stands for NaN and infinity, which JSON lacks. */
  readonly worst: number;
  readonly bound: number;
  /** Every residual is within the bound and at least 99 % of the control instances are not. */
  readonly passed: boolean;
  readonly control: {
    /** Control instances above the control's bound. */
    readonly violated: number;
    /** Control instances. */
    readonly of: number;
  };
  /** What was thrown, if the law could not be checked to its end. */
  readonly error?: string;
}

/** What {@link verify} returns. */
export interface VerifyReport {
  readonly laws: readonly LawReport[];
}

/** Share of control instances that must be violated. */
export const controlShare = 0.99;

/**
 * Checks the identity catalogue: random instances of every law, and as many of its broken twin.
 *
 * A law passes if every residual is within its bound and at least 99 % of the control's are not. Instances depend on the
 * seed, the law's name and their number alone, never on the other laws.
 *
 * @throws DomainError for bad settings or an unknown law
 */
export function verify(options: VerifyOptions = {}): VerifyReport {
  const { cases = 10_000, seed = 0, onProgress } = options;
  if (!Number.isInteger(cases) || cases < 1) {
    throw new DomainError(`verify: cases must be a whole number ≥ 1, got ${cases}`);
  }
  const laws = selectLaws(options.only);
  const counts = shareOut(laws, cases);
  const total = counts.reduce((a, b) => a + b, 0);
  let before = 0;
  return {
    laws: laws.map((law, i) => {
      const advance = (done: number): void => onProgress?.({ law: law.name, done: before + done, total });
      const report = checkLaw(law, counts[i], foldIn(key(seed), hashOf(law.name)), advance);
      before += counts[i];
      return report;
    }),
  };
}

function selectLaws(only: readonly string[] | undefined): readonly Law[] {
  if (only === undefined) return registry;
  const unknown = only.find((name) => !registry.some((law) => law.name === name));
  if (unknown !== undefined) {
    throw new DomainError(`verify: no law is called "${unknown}"; there are ${registry.map((l) => l.name).join(", ")}`);
  }
  return registry.filter((law) => only.includes(law.name));
}

/** Instances per law: in proportion to the shares, and at least one, so that a very small run has a few more than asked for. */
export function shareOut(laws: readonly Law[], cases: number): number[] {
  const all = laws.reduce((sum, law) => sum + law.share, 0);
  let sum = 0;
  return laws.map((law) => {
    const start = Math.round((sum * cases) / all);
    sum += law.share;
    return Math.max(1, Math.round((sum * cases) / all) - start);
  });
}

function checkLaw(law: Law, cases: number, lawKey: Tensor, advance: (done: number) => void): LawReport {
  const { name, title, statement, formula, broken, source, bound } = law;
  const about = { name, title, statement, formula, broken, source };
  let [worst, violated, done] = [0, 0, 0];
  try {
    for (let part = 0; done < cases; part++) {
      const n = Math.min(law.batch, cases - done);
      const partKey = foldIn(lawKey, part);
      for (const residual of countOf(law, "residuals", partKey, n)) worst = Math.max(worst, finite(residual));
      violated += countOf(law, "control", partKey, n).filter((residual) => finite(residual) > law.controlBound).length;
      done += n;
      advance(done);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const control = { violated, of: done };
    return { ...about, cases: done, worst: Number.MAX_VALUE, bound, passed: false, control, error: message };
  }
  const passed = worst <= bound && violated >= controlShare * cases;
  return { ...about, cases, worst, bound, passed, control: { violated, of: cases } };
}

/** Residuals of n instances, which must be n numbers. */
function countOf(law: Law, side: "residuals" | "control", partKey: Tensor, n: number): Float64Array {
  const residuals = law[side](partKey, n);
  if (residuals.length === n) return residuals;
  throw new DomainError(`verify: ${law.name}.${side} must return ${n} residuals, got ${residuals.length}`);
}

const finite = (residual: number): number => (Number.isFinite(residual) ? residual : Number.MAX_VALUE);

/** FNV-1a of a name, 32 bits: laws draw from keys that do not depend on their order. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
