/**
 * The rounding error of a sum: a + b = sum + sumError(a, b, sum), exactly, unless the sum overflows (then NaN).
 *
 * @source Knuth, The Art of Computer Programming 2, §4.2.2, theorem B ("TwoSum")
 */
export function sumError(a: number, b: number, sum: number): number {
  const rounded = sum - a;
  return a - (sum - rounded) + (b - rounded);
}

/** A total plus its rounding error; the total alone where it is not finite, since its rounding error is then unknown. */
export function corrected(total: number, lost: number): number {
  const sum = total + lost;
  return Number.isNaN(sum) ? total : sum;
}

/**
 * Terms that are added one after another before their sum joins a total that keeps its rounding errors: the error of a sum of any
 * length is the error of a sum of so many terms, and short sums are plain sums.
 */
export const sumBlock = 8;
