import { erfAtOne, erfCore, erfcTail, erfMiddle, middleStart, tailStart } from "./erfPieces.ts";

/**
 * Inverse error function, to 1 ulp: erf(erfInv(y)) = y.
 *
 * A closed approximation (relative error 2e-3) and two or, in the tail, three Halley steps; each cubes the error:
 *
 *   u = (erf(x) − y)/erf′(x),   x⁺ = x − u/(1 + x·u),   erf′(x) = 2/√π·exp(−x²),   erf″/erf′ = −2x
 *
 * @returns ±Infinity at ±1, NaN beyond
 * @source  Winitzki 2008, "A handy approximation for the error function and its inverse" (a = 0.147)
 */
export function erfInv(y: number): number {
  const size = Math.abs(y);
  if (!(size < 1)) return size === 1 ? y * Infinity : NaN;
  if (size === 0) return y;
  let x = winitzki(size);
  const steps = size < 0.99 ? 2 : 3;
  for (let step = 0; step < steps; step++) {
    const u = 0.5 * Math.sqrt(Math.PI) * Math.exp(x * x) * erfMinus(x, size);
    x -= u / (1 + x * u);
  }
  return y < 0 ? -x : x;
}

/** erf(x) − y where the two are close, from differences that are exact: a rounded erf(x) would leave nothing of it. */
function erfMinus(x: number, y: number): number {
  if (x < middleStart) return x - y + x * erfCore(x);
  return x < tailStart ? erfAtOne - y + erfMiddle(x) : 1 - y - erfcTail(x);
}

/** √(√(b² − L/a) − b) with L = ln(1 − y²), b = 2/(πa) + L/2, rearranged so that nothing cancels at small y. */
function winitzki(y: number): number {
  const a = 0.147;
  const scaled = Math.log1p(-y * y) / a;
  const b = 2 / (Math.PI * a) + 0.5 * a * scaled;
  return Math.sqrt(-scaled / (Math.sqrt(b * b - scaled) + b));
}
