import type { Settings } from "./settings.ts";

/** How a case is measured, by how the time stands: as it should be, as briefly as can be, or not at all. */
export type Pace = "calm" | "hurried" | "skipped";

/** The time of a group, in ms since the start of the run. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/**
 * How the time stands before the i-th of some cases. Who should be done with the case by now hurries; who has used up the time of a group leaves the
 * rest out, but for the first case: every group is seen.
 */
export function paceOf(now: number, { begin, end }: Span, i: number, cases: number): Pace {
  if (now > end && i > 0) return "skipped";
  return now > begin + ((end - begin) * (i + 1)) / cases ? "hurried" : "calm";
}

/** The least that gives a figure. */
export const hurried = (settings: Settings): Settings => ({
  ...settings,
  warmUp: 0,
  budget: 0,
  rounds: 1,
  firstCalls: 1,
});

/** The times of groups whose fractions of a run are given; they need not add up to 1. */
export function spansOf(fractions: readonly number[], time: number): Span[] {
  const total = fractions.reduce((sum, fraction) => sum + fraction, 0);
  const ends = fractions.map(
    (_, i) => (time * fractions.slice(0, i + 1).reduce((sum, fraction) => sum + fraction, 0)) / total,
  );
  return ends.map((end, i) => ({ begin: i === 0 ? 0 : ends[i - 1], end }));
}
