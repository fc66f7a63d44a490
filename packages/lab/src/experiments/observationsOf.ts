import type { Observation, ObservedTraining } from "@pushforward/training";
import { type MetricsRecord, readMetrics } from "../run/metricsLog.ts";

/** A log of a training with its seed. */
export interface SeededLog {
  readonly seed: number;
  /** Path of metrics.jsonl. */
  readonly file: string;
}

/** What was observed in the trainings of a loss; undefined if no line of their logs has figures. */
export function observationsOf(name: string, logs: readonly SeededLog[]): ObservedTraining | undefined {
  const seeds = logs.map(({ seed, file }) => ({ seed, observations: readMetrics(file).flatMap(observationOf) }));
  const observed = seeds.filter(({ observations }) => observations.length > 0);
  return observed.length === 0 ? undefined : { name, seeds: observed };
}

/** The figures of a line. */
const observationOf = ({ step, observed }: MetricsRecord) =>
  typeof observed === "object" && observed !== null ? [{ step, figures: observed as Observation }] : [];
