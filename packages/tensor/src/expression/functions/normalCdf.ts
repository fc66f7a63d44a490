import { normalCdf as scalar } from "../../scalar/normalCdf.ts";
import { type NormalTail, normalTail } from "../../scalar/normalTail.ts";
import { gpuFunction, gpuPolynomial } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { floatFunction } from "../operation.ts";
import { expVector } from "./exp.ts";

/**
 * Φ(−a) = e^{−a²/2}·series(q)/(1 + 1.25a), q = (a − 3)/(a + 3), a = |x|: itself below 0, 1 − itself above.
 *
 * float32 is computed in float64, where a² is exact.
 */
function normalCdfVector<V>(v: FloatLanes<V>, x: V): V {
  if (v.is64) return bodyWith(normalTail[64], v, x);
  return v.lanes.inFloat64([x], (wide, y) => bodyWith(normalTail[32], wide, y));
}

function bodyWith<V>({ series, end }: NormalTail, v: FloatLanes<V>, x: V): V {
  const [one, half, three] = [1, 0.5, 3].map((value) => v.constant(value));
  const size = v.atMost(v.abs(x), v.constant(end));
  const square = v.mul(size, size);
  const lost = v.productError(size, size, square);
  const exponential = expVector(v, v.neg(v.mul(half, square)), v.neg(v.mul(half, lost)));
  const sum = v.polynomial(v.div(v.sub(size, three), v.add(size, three)), series);
  const tail = v.div(v.mul(exponential, sum), v.madd(v.constant(1.25), size, one));
  return v.select(v.lt(x, v.constant(0)), tail, v.sub(one, tail));
}

/** h = |x| to 4 bits behind the point: h² is exact in float32, and the rest of x² is small. */
const gpuNormalCdf = gpuFunction(
  "normalCdfOf",
  ["x"],
  `const size = Math.min(Math.abs(x), ${normalTail[32].end});
  const h = Math.floor(size * 16) / 16;
  const q = (size - 3) / (size + 3);
  const sum = ${gpuPolynomial("q", normalTail[32].series)};
  const leading = Math.exp(-0.5 * h * h) * Math.exp(-0.5 * (size - h) * (size + h));
  const tail = leading * sum / (1 + 1.25 * size);
  return x < 0 ? tail : 1 - tail;`,
);

/** Distribution function of the standard normal law. */
export const normalCdf = floatFunction("normalCdf", {
  arity: 1,
  scalar,
  gpu: gpuNormalCdf,
  vector: normalCdfVector,
});
