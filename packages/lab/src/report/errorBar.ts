import type { Spread } from "@pushforward/training";

/** An error bar that reaches below zero ends at the mean divided by this number. */
const largestRatio = 10;

/** Ends of the error bar of one standard deviation around a positive mean, on a logarithmic axis. */
export const errorBar = ({ mean, deviation }: Pick<Spread, "mean" | "deviation">) => ({
  low: Math.max(mean - deviation, mean / largestRatio),
  high: mean + deviation,
});
