import { erfAtOne, erfCore, erfcTail, erfMiddle, middleStart, tailStart } from "./erfPieces.ts";

/**
 * Error function, to 0.9 ulp.
 *
 *   erf(x) = 2/√π ∫₀ˣ exp(−t²) dt
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < middleStart) return x + x * erfCore(x);
  const value = size < tailStart ? erfAtOne + erfMiddle(size) : 1 - erfcTail(size);
  return x < 0 ? -value : value;
}

/** Complementary error function 1 − erf(x), to 2.2 ulp also where it is tiny. */
export function erfc(x: number): number {
  if (x < 0.25) return x > -middleStart ? 1 - (x + x * erfCore(x)) : 2 - erfc(-x);
  if (x < middleStart) return 0.5 - (x - 0.5 + x * erfCore(x));
  return x < tailStart ? 1 - erfAtOne - erfMiddle(x) : erfcTail(x);
}
