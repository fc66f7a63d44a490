import { type PairedDifference, pairedDifference } from "../judging/pairedDifference.ts";
import type { ObservedSeed } from "./observedTraining.ts";

/** A number of a training by its seed. */
export type SeedNumbers = ReadonlyMap<number, number>;

/** A number for every seed that has one. */
export const seedNumbers = (
  seeds: readonly ObservedSeed[],
  of: (seed: ObservedSeed) => number | undefined,
): SeedNumbers =>
  new Map(
    seeds.flatMap((each) => {
      const number = of(each);
      return number === undefined ? [] : [[each.seed, number] as const];
    }),
  );

/** Differences from the numbers of a base, of the seeds that both have; undefined if no seed has both as finite numbers. */
export function seedDifference(base: SeedNumbers, other: SeedNumbers): PairedDifference | undefined {
  const seeds = [...base.keys()].filter((seed) => other.has(seed));
  const of = (numbers: SeedNumbers): number[] => seeds.map((seed) => numbers.get(seed)!);
  return pairedDifference(of(base), of(other));
}
