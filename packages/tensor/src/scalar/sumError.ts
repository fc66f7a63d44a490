/**
 * What rounding took from a sum: a + b = sum + sumError(a, b, sum), exactly, unless the sum overflows (then NaN).
 *
 * @source Knuth, The Art of Computer Programming 2, §4.2.2, theorem B ("TwoSum")
 */
export function sumError(a: number, b: number, sum: number): number {
  const rounded = sum - a;
  return a - (sum - rounded) + (b - rounded);
}

/** A total with what its roundings took; the total alone where it is not finite, for then nothing is known of them. */
export function corrected(total: number, lost: number): number {
  const sum = total + lost;
  return Number.isNaN(sum) ? total : sum;
}

/**
 * Terms that are added one after another before their sum joins a total that keeps its rounding errors: so the error of a sum is
 * that of a sum of so many terms, however long it is, and short sums are plain ones.
 */
export const sumBlock = 8;
