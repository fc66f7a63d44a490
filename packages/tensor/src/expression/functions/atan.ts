import { gpuFunction, gpuPolynomial } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { floatFunction } from "../operation.ts";

/** (atan(t)/t − 1)/t² in t², |t| ≤ √2 − 1. @source minimax fits: relative error of atan 2^-30.5 and 2^-63.9 */
const series = {
  32: [-0.33333316445350647, 0.1999852955341339, -0.14244422316551208, 0.10599356889724731, -0.060903552919626236],
  64: [
    -0.33333333333333326, 0.19999999999997095, -0.14285714285316395, 0.1111111108374495, -0.09090907985809465,
    0.07692279199058795, -0.06666174638735096, 0.05876515871466742, -0.05215176328652072, 0.04490539816486873,
    -0.03317427154774199, 0.014892989506666508,
  ],
} as const;

/** The rounding errors of π/4 and π/2 in each format. */
const missing = {
  32: [Math.PI / 4 - Math.fround(Math.PI / 4), Math.PI / 2 - Math.fround(Math.PI / 2)],
  64: [3.061616997868383e-17, 6.123233995736766e-17],
} as const;

/**
 * Three ranges of a = |x|, one quotient t:
 *
 *   atan(a) = atan(t), t = a;   π/4 + atan(t), t = (a − 1)/(a + 1);   π/2 + atan(t), t = −1/a
 */
function atanVector<V>(v: FloatLanes<V>, x: V): V {
  const { bits } = v.format;
  const [quarterRest, halfRest] = missing[bits];
  const size = v.abs(x);
  const one = v.constant(1);
  const isMiddle = v.gt(size, v.constant(Math.SQRT2 - 1));
  const isLarge = v.gt(size, v.constant(Math.SQRT2 + 1));
  const over = v.select(isLarge, v.constant(-1), v.select(isMiddle, v.sub(size, one), size));
  const under = v.select(isLarge, size, v.select(isMiddle, v.add(size, one), one));
  const t = v.div(over, under);
  const square = v.mul(t, t);
  const base = v.select(isLarge, v.constant(Math.PI / 2), v.onlyWhere(isMiddle, v.constant(Math.PI / 4)));
  const rest = v.select(isLarge, v.constant(halfRest), v.onlyWhere(isMiddle, v.constant(quarterRest)));
  const curve = v.madd(v.mul(t, square), v.polynomial(square, series[bits]), rest);
  return v.withSignOf(v.add(base, v.add(t, curve)), x);
}

const gpuAtan = gpuFunction(
  "atanOf",
  ["x"],
  `const size = Math.abs(x);
  const over = size > ${Math.SQRT2 + 1} ? -1 : (size > ${Math.SQRT2 - 1} ? size - 1 : size);
  const under = size > ${Math.SQRT2 + 1} ? size : (size > ${Math.SQRT2 - 1} ? size + 1 : 1);
  const base = size > ${Math.SQRT2 + 1} ? ${Math.PI / 2} : (size > ${Math.SQRT2 - 1} ? ${Math.PI / 4} : 0);
  const t = over / under;
  const square = t * t;
  const value = base + (t + t * square * (${gpuPolynomial("square", series[32])}));
  return x < 0 ? -value : value;`,
);

/** Inverse tangent, radians in (−π/2, π/2). */
export const atan = floatFunction("atan", { arity: 1, scalar: Math.atan, gpu: gpuAtan, vector: atanVector });
