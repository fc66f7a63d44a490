import { gpuFunction, gpuPolynomial } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";

/** Constants of one format. */
interface Constants {
  /** π/2 in parts whose products with the number of quarter turns are exact, but for the last. */
  readonly quarter: readonly number[];
  /** Parts whose subtraction is exact. */
  readonly exactParts: number;
  /** Up to here. */
  readonly limit: number;
  /** (sin r/r − 1)/r² in r², |r| ≤ 0.7875. */
  readonly sine: readonly number[];
  /** (cos r − 1 + r²/2)/r⁴ in r². */
  readonly cosine: readonly number[];
}

/** @source minimax fits: relative errors 2^-28.0 and 2^-33.1 */
const single: Constants = {
  quarter: [1.5703125, 0.0004837512969970703, 7.549533620476723e-8, 2.5633440682570896e-12],
  exactParts: 2,
  limit: 1e4,
  sine: [-0.16666655242443085, 0.008332187309861183, -0.00019517810142133385],
  cosine: [0.04166664555668831, -0.00138873013202101, 2.4430672056041658e-5],
};

/** @source minimax fits: relative errors 2^-57.9 and 2^-64.1 */
const double: Constants = {
  quarter: [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32],
  exactParts: 1,
  limit: 1e6,
  sine: [
    -0.1666666666666663, 0.008333333333321796, -0.0001984126982929218, 2.7557313506494428e-6, -2.5050728146580884e-8,
    1.5895008519902529e-10,
  ],
  cosine: [
    0.041666666666666595, -0.0013888888888873303, 2.48015872889471e-5, -2.7557314191883655e-7, 2.0875700733910585e-9,
    -1.1358446074539033e-11,
  ],
};

/** As below, with a reduction that is exact enough up to about a thousand turns. */
const gpuTurned = gpuFunction(
  "turnedSine",
  ["x", "turns"],
  `const n = Math.floor(x * ${2 / Math.PI} + 0.5);
  const r = x${single.quarter.map((part) => ` - n * ${part}`).join("")};
  const square = r * r;
  const sine = r + r * square * (${gpuPolynomial("square", single.sine)});
  const cosine = 1 - 0.5 * square + square * square * (${gpuPolynomial("square", single.cosine)});
  const turned = n + turns;
  const whole = Math.floor(turned * 0.25);
  const quadrant = turned - 4 * whole;
  return quadrant < 0.5 ? sine : (quadrant < 1.5 ? cosine : (quadrant < 2.5 ? -sine : -cosine));`,
);

export const gpuSin = gpuFunction("sinOf", ["x"], "return turnedSine(x, 0);", [gpuTurned]);
export const gpuCos = gpuFunction("cosOf", ["x"], "return turnedSine(x, 1);", [gpuTurned]);

/**
 * sin of x plus `turns` quarter turns (0 is the sine, 1 the cosine).
 *
 *   x = n·π/2 + r,   sin(x) = ±sin r or ±cos r by n mod 4
 *
 * The reduction is exact enough up to `limit`; beyond, the host answers for those lanes.
 *
 * @param name of the host's function
 * @source Cody and Waite 1980: the reduction in parts
 */
export function sineAfter<V>(v: FloatLanes<V>, x: V, turns: 0 | 1, name: "sin" | "cos"): V {
  const constants = v.is64 ? double : single;
  const { limit, sine, cosine } = constants;
  const size = v.abs(x);
  const { n, integer } = v.wholePart(size, 2 / Math.PI);
  const r = reduceTurns(v, size, n, constants);
  const square = v.mul(r, r);
  const sin = v.madd(v.mul(r, square), v.polynomial(square, sine), r);
  const cos = v.madd(
    v.mul(square, square),
    v.polynomial(square, cosine),
    v.nmadd(square, v.constant(0.5), v.constant(1)),
  );
  const turned = turns === 0 ? integer : v.addBits(integer, v.integer(turns));
  const isOdd = v.subBits(v.integer(0), v.and(turned, v.integer(1)));
  const sign = v.shiftLeft(v.and(turned, v.integer(2)), v.format.bits - 2);
  const value = v.flipped(v.select(isOdd, cos, sin), sign);
  // sin(−x) = −sin(x), cos(−x) = cos(x)
  const signed = turns === 0 ? v.turnedBySignOf(value, x) : value;
  return v.patch(signed, v.gt(size, v.constant(limit)), name, [x]);
}

/** x − n·π/2, rounded once: the rounding errors of the differences go into the last part. */
function reduceTurns<V>(v: FloatLanes<V>, x: V, n: V, { quarter, exactParts }: Constants): V {
  const parts = quarter.map((part) => v.constant(part));
  let rest = x;
  let lost = v.constant(0);
  parts.slice(0, -1).forEach((part, i) => {
    const next = v.nmadd(n, part, rest);
    if (i >= exactParts) lost = v.add(lost, v.nmadd(n, part, v.sub(rest, next)));
    rest = next;
  });
  return v.add(rest, v.nmadd(n, parts[parts.length - 1], lost));
}
