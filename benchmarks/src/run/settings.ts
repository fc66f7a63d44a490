/** Durations and counts of measurements. Times are in ms. */
export interface Settings {
  readonly isQuick: boolean;
  /** Calls before measuring, so that the engine has compiled hot code. */
  readonly warmUp: number;
  /** Measuring of one contender in one case, all rounds together. */
  readonly budget: number;
  /** Turns of every contender in a case; contenders take turns, so that a busy moment affects all of them. */
  readonly rounds: number;
  /** Fewest calls of a contender in a case. */
  readonly leastCalls: number;
  /** Processes for a first call. */
  readonly firstCalls: number;
  /** Longest wait for an answer. */
  readonly limit: number;
  /** The time of a run, of which every group has a fraction; late groups measure briefly, then skip cases. */
  readonly deadline: number;
}

/** A run for published results. */
export const fullSettings: Settings = {
  isQuick: false,
  warmUp: 400,
  budget: 1600,
  rounds: 5,
  leastCalls: 5,
  firstCalls: 7,
  limit: 120_000,
  deadline: 45 * 60_000,
};

/** A run that ends within five minutes on a busy machine with two cores. */
export const quickSettings: Settings = {
  isQuick: true,
  warmUp: 100,
  budget: 240,
  rounds: 3,
  leastCalls: 3,
  firstCalls: 3,
  limit: 30_000,
  deadline: 230_000,
};
