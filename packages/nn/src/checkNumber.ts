import { DomainError, quote } from "@pushforward/tensor";

/** The interval of a setting, [from, below); both bounds are infinite by default. */
export interface NumberRange {
  /** The least value allowed; default −∞, which itself is not allowed. */
  readonly from?: number;
  /** The first value that is too large; default ∞. */
  readonly below?: number;
}

/**
 * Checks a setting.
 *
 * @throws DomainError that names the operation, the setting and its range
 */
export function checkNumber(operation: string, name: string, value: number, range: NumberRange = {}): void {
  const { from, below } = range;
  const isInside = Number.isFinite(value) && value >= (from ?? value) && (below === undefined || value < below);
  if (isInside) return;
  const wanted =
    from === undefined
      ? "a finite number"
      : below === undefined
        ? `finite and at least ${from}`
        : `in [${from}, ${below})`;
  throw new DomainError(`${operation}: ${name} must be ${wanted}, got ${quote(value)}`);
}
