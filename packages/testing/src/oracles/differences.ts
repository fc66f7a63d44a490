import { type Line, lineThrough, type TreeFunction } from "./directional.ts";

const combine = (parts: readonly (readonly [number, readonly Float64Array[]])[]): Float64Array[] =>
  parts[0][1].map((_, leaf) =>
    parts[0][1][leaf].map((__, i) => parts.reduce((sum, [weight, values]) => sum + weight * values[leaf][i], 0)),
  );

const central = (line: Line, h: number): Float64Array[] =>
  combine([
    [0.5 / h, line.at(h)],
    [-0.5 / h, line.at(-h)],
  ]);

/**
 * Directional derivative by a central difference, error O(h²): 1e-10 at best.
 *
 *   (f(x + h·dx) − f(x − h·dx)) / 2h
 *
 * @returns the output's tree in float64
 */
export function centralDifference(
  f: TreeFunction,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  h = 1e-5,
): unknown {
  const line = lineThrough(f, primals, tangents);
  return line.pack(central(line, h));
}

/**
 * Directional derivative of fourth order, error O(h⁴): 1e-12 at best.
 *
 *   (8·(f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h
 */
export function fourthOrderDifference(
  f: TreeFunction,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  h = 3e-4,
): unknown {
  const line = lineThrough(f, primals, tangents);
  return line.pack(
    combine([
      [4 / 3, central(line, h)],
      [-1 / 3, central(line, 2 * h)],
    ]),
  );
}

/** Options of Richardson extrapolation. */
export interface RichardsonOptions {
  /** Largest step; it must stay clear of kinks and poles. Default 0.1. */
  readonly h?: number;
  /** Halvings of the step plus one; default 5. */
  readonly levels?: number;
}

/** A derivative and how far its last two extrapolations lie apart: an estimate of its error. */
export interface Estimate {
  readonly value: unknown;
  readonly error: unknown;
}

/**
 * Directional derivative by Richardson extrapolation of central differences, 4e-14 where f is analytic within 5h.
 *
 *   T_{k,0} = central difference at h/2ᵏ,   T_{k,j} = T_{k,j−1} + (T_{k,j−1} − T_{k−1,j−1})/(4ʲ − 1)
 *
 * @source Richardson 1911; the tableau as in Hairer, Nørsett and Wanner, section II.9
 */
export function richardson(
  f: TreeFunction,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  options: RichardsonOptions = {},
): unknown {
  return richardsonEstimate(f, primals, tangents, options).value;
}

/** As `richardson`, with an estimate of the error of every element. */
export function richardsonEstimate(
  f: TreeFunction,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  { h = 0.1, levels = 5 }: RichardsonOptions = {},
): Estimate {
  const line = lineThrough(f, primals, tangents);
  let row: Float64Array[][] = [];
  let previous: Float64Array[][] = [];
  for (let k = 0; k < levels; k++) {
    previous = row;
    row = [central(line, h / 2 ** k)];
    for (let j = 1; j <= k; j++) {
      const weight = 1 / (4 ** j - 1);
      row.push(
        combine([
          [1 + weight, row[j - 1]],
          [-weight, previous[j - 1]],
        ]),
      );
    }
  }
  const [value, before] = [row[levels - 1], levels > 1 ? row[levels - 2] : row[0]];
  const error = value.map((leaf, l) => leaf.map((x, i) => Math.abs(x - before[l][i])));
  return { value: line.pack(value), error: line.pack(error) };
}
