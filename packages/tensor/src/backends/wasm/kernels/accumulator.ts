import type { Level } from "./blocks.ts";

/** The locals in which a reduction keeps one vector of results. */
export type AccumulatorState = readonly number[];

/** How a reduction combines vectors of elements: its loops are the same for sums, largest elements and their indices. */
export interface Accumulator {
  /** Vectors of results side by side. */
  readonly vectors: number;
  /** Writes a new state: the identity element of the reduction, in every lane. */
  begin(): AccumulatorState;
  /**
   * Writes the loops of a total, and joins the sums of their blocks.
   *
   * @param steps vectors that each state accepts
   * @param walk writes the loops over all steps, cut into the blocks of some levels, the coarsest first
   */
  total(states: readonly AccumulatorState[], steps: number, walk: (levels: readonly Level[]) => void): void;
  /** Combines a vector, in a local, with a state; of a part of a vector only its first `count` lanes. */
  accept(state: AccumulatorState, value: number, count?: number): void;
  /** Combines all lanes of all states into the first lane of the first state. */
  combine(states: readonly AccumulatorState[]): void;
  /** @returns the local that holds the results of a state */
  results(state: AccumulatorState): number;
}
