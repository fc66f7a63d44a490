import type { Tensor } from "@pushforward/tensor";

/** How the columns of a table are shifted and scaled: standard = (x − center)/scale. */
export interface Scaling {
  /** In the units of the table, [dim]. */
  readonly center: readonly number[];
  /** Positive; 1 where the numbers are all equal, so that nothing divides by 0. [dim] */
  readonly scale: readonly number[];
}

/**
 * Scalings of a table by its training rows [rows, dim].
 *
 * - columns: every column has mean 0 and standard deviation 1
 * - common: all numbers together have mean 0 and standard deviation 1; differences between columns remain, as pixels need
 * - range: the smallest of all numbers becomes −1, the largest 1
 * - none: the units of the table
 */
export const scalings = {
  columns: eachColumn,
  common: (table) => same(table, centerOf(table), table.std().item()),
  range: (table) => {
    // halved first: the sum of two large numbers overflows
    const [low, high] = [table.min().item() / 2, table.max().item() / 2];
    return same(table, low + high, high - low);
  },
  none: (table) => same(table, 0, 1),
} satisfies Record<string, (table: Tensor) => Scaling>;

/** Names of the scalings. */
export type ScalingName = keyof typeof scalings;

/** One center and one scale for all columns. */
function same(table: Tensor, center: number, scale: number): Scaling {
  const dim = table.shape[1];
  return { center: new Array(dim).fill(center), scale: new Array(dim).fill(isConstant(table) ? 1 : scale) };
}

const isConstant = (table: Tensor): boolean => table.min().item() === table.max().item();

const centerOf = (table: Tensor): number => (isConstant(table) ? table.dataSync()[0] : table.mean().item());

/** Mean and standard deviation (divisor n) per column; a constant column keeps scale 1. */
function eachColumn(table: Tensor): Scaling {
  const mean = [...table.mean(0).dataSync()];
  const deviations = [...table.std(0).dataSync()];
  // a column of equal numbers can have a deviation of a few ulps, since its mean is rounded
  const constant = table.max(0).equal(table.min(0)).dataSync();
  const scale = deviations.map((deviation, i) => (constant[i] || deviation === 0 ? 1 : deviation));
  const first = table.dataSync();
  return { center: mean.map((m, i) => (constant[i] ? first[i] : m)), scale };
}
