import type { DenseTensor } from "@pushforward/tensor";
import type { PythonResult } from "./python.ts";

/** The largest difference of two arrays by the largest element of the second. */
function differenceOf(got: DenseTensor, want: DenseTensor): number {
  const scale = Math.max(...want.buffer.map(Math.abs));
  return Math.max(...got.buffer.map((x, i) => Math.abs(x - want.buffer[i]))) / (scale === 0 ? 1 : scale);
}

/** The worst difference of all results; infinite for an error. */
export function worst(got: PythonResult, want: readonly DenseTensor[]): number {
  return typeof got === "string" ? Infinity : Math.max(...want.map((x, i) => differenceOf(got[i], x)));
}

/**
 * Largest relative difference of a value or gradient, by the largest element. Without its stop the weight 1/(e + 10⁻⁵) of TiM leaves a
 * gradient of c/(e + c)², the difference of two numbers that are 10⁵ times as large.
 */
export const toleranceOf = (title: string): number => (/^transition@.*-weight/.test(title) ? 1e-9 : 1e-11);
