import type { DenseTensor } from "@pushforward/tensor";
import type { PythonResult } from "./python.ts";

/** Largest difference of a value or gradient, by its scale. */
export const tolerance = 1e-11;

/** The largest element of an array. */
export const largest = ({ buffer }: DenseTensor): number => Math.max(...buffer.map(Math.abs));

/** The largest difference of two arrays by a scale. */
const differenceOf = (got: DenseTensor, want: DenseTensor, scale: number): number =>
  Math.max(...got.buffer.map((x, i) => Math.abs(x - want.buffer[i]))) / (scale === 0 ? 1 : scale);

/**
 * The worst difference of all results; infinite for an error.
 *
 * @param scales of the results, by default the largest elements of those that are wanted
 */
export function worst(
  got: PythonResult,
  want: readonly DenseTensor[],
  scales: readonly number[] = want.map(largest),
): number {
  return typeof got === "string" ? Infinity : Math.max(...want.map((x, i) => differenceOf(got[i], x, scales[i])));
}
