/** How long and how often things are measured. Times are ms. */
export interface Settings {
  readonly isQuick: boolean;
  /** Calls before measuring, so that the engine has compiled what is hot. */
  readonly warmUp: number;
  /** Measuring of one contender in one case, all rounds together. */
  readonly budget: number;
  /** Turns of every contender in a case; they take turns, so that a busy moment meets them all. */
  readonly rounds: number;
  /** Fewest calls of a contender in a case, however slow. */
  readonly leastCalls: number;
  /** Processes for a first call. */
  readonly firstCalls: number;
  /** Longest wait for an answer. */
  readonly limit: number;
  /** The time of a run, of which every group has a share; who is behind hurries, then skips. */
  readonly deadline: number;
}

/** A run that is meant for figures. */
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
