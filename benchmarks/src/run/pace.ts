import type { Settings } from "./settings.ts";

/** How a case is measured, depending on the remaining time: normally, as briefly as possible, or not at all. */
export type Pace = "calm" | "hurried" | "skipped";

/** The time of a group, in ms since the start of the run. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/**
 * The pace of the i-th case of a group. If the case should be finished already, it is measured briefly. If the time of the group
 * is spent, all cases except the first are skipped, so that every group has a result.
 */
export function paceOf(now: number, { begin, end }: Span, i: number, cases: number): Pace {
  if (now > end && i > 0) return "skipped";
  return now > begin + ((end - begin) * (i + 1)) / cases ? "hurried" : "calm";
}

/** The shortest measurement that gives a result. */
export const hurried = (settings: Settings): Settings => ({
  ...settings,
  warmUp: 0,
  budget: 0,
  rounds: 1,
  firstCalls: 1,
});

/** The times of groups from their fractions of a run, which need not add up to 1. */
export function spansOf(fractions: readonly number[], time: number): Span[] {
  const total = fractions.reduce((sum, fraction) => sum + fraction, 0);
  const ends = fractions.map(
    (_, i) => (time * fractions.slice(0, i + 1).reduce((sum, fraction) => sum + fraction, 0)) / total,
  );
  return ends.map((end, i) => ({ begin: i === 0 ? 0 : ends[i - 1], end }));
}
