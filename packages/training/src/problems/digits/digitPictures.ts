import { DomainError, fromData, type Tensor, uniform } from "@pushforward/tensor";
import type { RowLabels } from "../tableProblem.ts";
import { digitStrokes } from "./digitStrokes.ts";
import { drawStroke } from "./drawStroke.ts";
import { handNumbers, handOf, writtenBy } from "./hand.ts";
import { smoothCurve } from "./smoothCurve.ts";

/** Width and height of the pictures of digits in pixels. */
export const digitSide = 14;

/** Pictures of digits with their labels. */
export interface DigitPictures {
  /** Ink of each pixel, row by row, 0 none to 1 full, [n, 196]. */
  readonly values: Tensor;
  readonly labels: RowLabels;
}

/** Uniform numbers of a picture: one that chooses the way of writing, and those of the hand. */
const numbersEach = 1 + handNumbers;

/**
 * Pictures of handwritten digits, 14 × 14 pixels: digits of 0 to 9 in turn, each written in one of several ways by a hand of its own, which
 * slants, turns, stretches, shifts and bends the strokes, with a pen of its own.
 *
 * Equal keys give equal bits on every machine: the arithmetic consists of + − · / and square roots.
 *
 * @throws DomainError unless n is a whole number ≥ 1
 */
export function digitPictures(key: Tensor, n: number): DigitPictures {
  if (!Number.isInteger(n) || n < 1) throw new DomainError(`digitPictures: n must be a whole number ≥ 1, got ${n}`);
  const numbers = uniform(key, [n, numbersEach]).dataSync();
  const curves = digitStrokes.map((ways) => ways.map((strokes) => strokes.map(smoothCurve)));
  const pixels = digitSide * digitSide;
  const values = new Float64Array(n * pixels);
  const places = Int32Array.from({ length: n }, (_, i) => i % curves.length);
  for (let i = 0; i < n; i++) {
    const ways = curves[places[i]];
    const [choice, ...own] = numbers.slice(i * numbersEach, (i + 1) * numbersEach);
    const hand = handOf(own);
    const ink = { values: values.subarray(i * pixels, (i + 1) * pixels), side: digitSide };
    for (const curve of ways[Math.floor(choice * ways.length)])
      drawStroke(ink, writtenBy(hand, curve, digitSide), hand.pen);
  }
  const names = digitStrokes.map((_, digit) => String(digit));
  return { values: fromData(values, [n, pixels]), labels: { names, places } };
}
