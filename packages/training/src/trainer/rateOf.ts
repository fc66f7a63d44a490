import type { RateSchedule } from "@pushforward/losses";
import { constant, cosine, type Schedule, sequence, warmup } from "@pushforward/nn";

/** Updates of the warm-up where a recipe names none: a tenth of all, at most 100, and none before the only update. */
const usualWarmup = (steps: number): number => (steps === 1 ? 0 : Math.min(100, Math.ceil(steps / 10)));

/**
 * The learning rate by its update.
 *
 * @param steps updates of the whole schedule, more than those of the warm-up
 */
export function rateOf(schedule: RateSchedule, peak: number, steps: number): Schedule {
  const { warmup: first = usualWarmup(steps) } = schedule;
  const after = schedule.kind === "constant" || steps === 1 ? constant(peak) : fallOf(schedule, peak, steps - first);
  return first === 0 ? after : sequence([{ schedule: warmup({ peak, steps: first }), steps: first }], after);
}

/** Half a cosine from the peak to the final rate. */
const fallOf = ({ final = 0 }: Extract<RateSchedule, { kind: "cosine" }>, peak: number, steps: number): Schedule =>
  cosine({ peak, final: peak * final, steps });
