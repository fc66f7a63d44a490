import { tanh as scalar } from "../../scalar/tanh.ts";
import { gpuFunction, gpuPolynomial } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { floatFunction } from "../operation.ts";
import { reduceExp } from "./exp.ts";

/** (tanh(a)/a − 1)/a² in a², a ≤ 0.56. @source minimax fits: relative error of tanh 2^-29.6 and 2^-60.1 */
const series = {
  32: [-0.33333316445350647, 0.13332527875900269, -0.053844694048166275, 0.02103550173342228, -0.006217478774487972],
  64: [
    -0.33333333333333287, 0.1333333333332452, -0.05396825396247144, 0.021869488347468137, -0.008863231952799987,
    0.0035920853104480515, -0.001455498636017512, 0.0005882591814600766, -0.00023290233400352343, 8.26196175724751e-5,
    -1.9058982784260917e-5,
  ],
} as const;

/** From here on tanh is 1 to the last bit. */
const one = { 32: 10, 64: 20 } as const;

/** a + a³·series up to 0.55, from there 1 − 2/(e^{2a} + 1); a = |x|. */
function tanhVector<V>(v: FloatLanes<V>, x: V): V {
  const { bits } = v.format;
  const size = v.atMost(v.abs(x), v.constant(one[bits]));
  const square = v.mul(size, size);
  const small = v.madd(v.mul(size, square), v.polynomial(square, series[bits]), size);
  const { n, m } = reduceExp(v, v.add(size, size));
  const scale = v.powerOfTwo(n);
  const doubled = v.add(v.madd(scale, m, scale), v.constant(1));
  const large = v.sub(v.constant(1), v.div(v.constant(2), doubled));
  return v.withSignOf(v.select(v.lt(size, v.constant(0.55)), small, large), x);
}

const gpuTanh = gpuFunction(
  "tanhOf",
  ["x"],
  `const square = x * x;
  const small = x + x * square * (${gpuPolynomial("square", series[32])});
  const e = Math.exp(-2 * Math.abs(x));
  const large = (1 - e) / (1 + e);
  return Math.abs(x) < 0.55 ? small : (x < 0 ? -large : large);`,
);

/** Hyperbolic tangent. */
export const tanh = floatFunction("tanh", { arity: 1, scalar, gpu: gpuTanh, vector: tanhVector });
