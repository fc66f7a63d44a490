import { gpuFunction, gpuPolynomial } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { floatFunction } from "../operation.ts";
import { reduceExp } from "./exp.ts";

/** (eʳ − 1 − r)/r², more exact than for eʳ itself. @source minimax fits: relative error of eʳ − 1 2^-31.1 and 2^-61.6 */
const series = {
  32: [
    0.5, 0.1666666567325592, 0.04166649281978607, 0.008333543315529823, 0.0013932379661127925, 0.0001976438652491197,
  ],
  64: [
    0.5, 0.16666666666666677, 0.041666666666666664, 0.00833333333332167, 0.00138888888889029, 0.00019841269885833584,
    2.4801587264532182e-5, 2.755724454048512e-6, 2.7557339087906036e-7, 2.510893088407842e-8, 2.08916731224572e-9,
  ],
} as const;

/** Below, eˣ − 1 is −1; above, Infinity. */
const range = { 32: [-20, 89], 64: [-40, 710] } as const;

/** 2ⁿ·m + (2ⁿ − 1), all of it halved until the end: 2ⁿ alone may overflow. */
function expm1Vector<V>(v: FloatLanes<V>, x: V): V {
  const { bits, fraction } = v.format;
  const [low, high] = range[bits];
  const { n, m } = reduceExp(v, v.atLeast(v.atMost(x, v.constant(high)), v.constant(low)), series[bits]);
  const half = v.powerOfTwo(v.subBits(n, v.integer(1)));
  const value = v.madd(half, m, v.sub(half, v.constant(0.5)));
  // Halving would lose a bit of a subnormal number, and the sign of 0.
  const isTiny = v.lt(v.abs(x), v.constant(2 ** -(fraction + 2)));
  return v.select(isTiny, x, v.add(value, value));
}

const gpuExpm1 = gpuFunction(
  "expm1Of",
  ["x"],
  `const small = x + x * x * (${gpuPolynomial("x", series[32])});
  return Math.abs(x) < 0.34 ? small : Math.exp(x) - 1;`,
);

/** eˣ − 1 without cancellation near 0. */
export const expm1 = floatFunction("expm1", { arity: 1, scalar: Math.expm1, gpu: gpuExpm1, vector: expm1Vector });
