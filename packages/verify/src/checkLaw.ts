import { DomainError, foldIn, type Tensor } from "@pushforward/tensor";
import type { Law } from "./law.ts";

/** The result for one law. */
export interface LawReport {
  readonly name: string;
  readonly title: string;
  readonly statement: string;
  /** LaTeX. */
  readonly formula: string;
  /** The fault of the control. */
  readonly broken: string;
  readonly source?: string;
  /** Instances checked. */
  readonly cases: number;
  /** Largest residual; NaN and infinity, which JSON lacks, become the largest number. */
  readonly worst: number;
  readonly bound: number;
  /** Whether every residual is within the bound and at least 99 % of the control instances are not. */
  readonly passed: boolean;
  readonly control: {
    /** Control instances above the control's bound. */
    readonly violated: number;
    /** Control instances. */
    readonly of: number;
  };
  /** Message of the error, if the check of the law threw an error. */
  readonly error?: string;
}

/** Fraction of the control instances that must be violated. */
export const controlFraction = 0.99;

/**
 * Checks a law on its instances, and its control on the same number of instances. An error counts as a failure.
 *
 * @param cases   number of instances
 * @param lawKey  key of all of them
 * @param advance called with the number of finished instances
 */
export function checkLaw(
  law: Law,
  cases: number,
  lawKey: Tensor,
  advance: (done: number) => void = () => {},
): LawReport {
  const { name, title, statement, formula, broken, source, bound } = law;
  const about = { name, title, statement, formula, broken, source };
  let [worst, violated, done] = [0, 0, 0];
  try {
    for (let part = 0; done < cases; part++) {
      const n = Math.min(law.batch, cases - done);
      const partKey = foldIn(lawKey, part);
      for (const residual of residualsOf(law, "residuals", partKey, n)) worst = Math.max(worst, finite(residual));
      violated += residualsOf(law, "control", partKey, n).filter(
        (residual) => finite(residual) > law.controlBound,
      ).length;
      done += n;
      advance(done);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const control = { violated, of: done };
    return { ...about, cases: done, worst: Number.MAX_VALUE, bound, passed: false, control, error: message };
  }
  const passed = worst <= bound && violated >= controlFraction * cases;
  return { ...about, cases, worst, bound, passed, control: { violated, of: cases } };
}

/** Residuals of n instances, which must be n numbers. */
function residualsOf(law: Law, side: "residuals" | "control", partKey: Tensor, n: number): Float64Array {
  const residuals = law[side](partKey, n);
  if (residuals.length === n) return residuals;
  throw new DomainError(`verify: ${law.name}.${side} must return ${n} residuals, got ${residuals.length}`);
}

const finite = (residual: number): number => (Number.isFinite(residual) ? residual : Number.MAX_VALUE);
