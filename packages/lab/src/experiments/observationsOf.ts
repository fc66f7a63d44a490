import type { Observation, ObservedTraining } from "@pushforward/training";
import type { MetricsRecord } from "../run/metricsLog.ts";

/** A log of a training with its seed. */
export interface SeededLog {
  readonly seed: number;
  readonly records: readonly MetricsRecord[];
}

/** The observations inside the trainings of a loss; undefined if no line of their logs has figures. */
export function observationsOf(name: string, logs: readonly SeededLog[]): ObservedTraining | undefined {
  const seeds = logs.map(({ seed, records }) => ({ seed, observations: records.flatMap(observationOf) }));
  const observed = seeds.filter(({ observations }) => observations.length > 0);
  return observed.length === 0 ? undefined : { name, seeds: observed };
}

/** The figures of a line. */
const observationOf = ({ step, observed }: MetricsRecord) =>
  typeof observed === "object" && observed !== null ? [{ step, figures: observed as Observation }] : [];
