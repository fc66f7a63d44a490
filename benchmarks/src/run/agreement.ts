import { relativeDifference } from "./statistics.ts";

/** The results of a contender: of the first call, of the second, … */
export interface Claim {
  readonly name: string;
  readonly values: readonly number[];
}

/** How close results must be, relative: of the first call, and of the later calls, which differ by rounding. */
const tolerances = { first: 1e-4, later: 1e-3 };

/** Two contenders compute different results, so that their times cannot be compared. */
export class DisagreementError extends Error {
  override readonly name = "DisagreementError";
}

/**
 * All contenders must compute the same as the first contender.
 *
 * @throws DisagreementError with both names and both numbers
 */
export function checkAgreement(where: string, claims: readonly Claim[]): void {
  const [first, ...others] = claims;
  for (const other of others) {
    other.values.forEach((value, call) => {
      const expected = first.values[call];
      const tolerance = call === 0 ? tolerances.first : tolerances.later;
      if (relativeDifference(value, expected) <= tolerance) return;
      throw new DisagreementError(
        `${where}: results of call ${call + 1} must agree to ${tolerance}, got ${expected} from ${first.name} and ${value} from ${other.name}; nothing was timed`,
      );
    });
  }
}
