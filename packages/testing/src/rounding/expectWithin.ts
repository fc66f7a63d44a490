import type { DenseTensor } from "@pushforward/tensor";
import type { BoundedResult } from "./errorBounds.ts";

/** The elements of a comparison, and those with a large bound. */
export interface Coverage {
  /** Elements that were compared. */
  readonly elements: number;
  /** Elements whose bound is more than a thousandth of max(1, |value|): rounding decides what they are. */
  readonly vague: number;
}

/** Throws unless every element of every result is within its bound: where that is 0 the bits must be equal. */
export function expectWithin(got: readonly DenseTensor[], want: readonly BoundedResult[]): Coverage {
  let [elements, vague] = [0, 0];
  want.forEach(({ value, bound }, leaf) => {
    const result = got[leaf];
    if (`${result.dtype}[${result.shape}]` !== `${value.dtype}[${value.shape}]`)
      throw new Error(
        `expectWithin: result ${leaf} must be ${value.dtype}[${value.shape}], got ${result.dtype}[${result.shape}]`,
      );
    value.buffer.forEach((wanted: number, i: number) => {
      elements++;
      if (!(bound[i] <= 1e-3 * Math.max(1, Math.abs(wanted)))) vague++;
      if (isWithin(result.buffer[i], wanted, bound[i])) return;
      throw new Error(
        `expectWithin: element ${i} of result ${leaf}, ${value.dtype}[${value.shape}], must be ${wanted} ± ${bound[i].toPrecision(3)}, got ${result.buffer[i]}`,
      );
    });
  });
  return { elements, vague };
}

const isWithin = (got: number, want: number, bound: number): boolean =>
  Object.is(got, want) ||
  (bound > 0 && (got === want || bound === Number.POSITIVE_INFINITY || Math.abs(got - want) <= bound));
