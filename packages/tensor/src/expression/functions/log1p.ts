import { gpuFunction } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { floatFunction } from "../operation.ts";
import { gpuIsNearOne, gpuLogSeries, logOf, splitFloat } from "./log.ts";

/** ln(1 + x) = ln u + c/u with u = 1 + x rounded and c its rounding error. */
function log1pVector<V>(v: FloatLanes<V>, x: V): V {
  const u = v.add(x, v.constant(1));
  const lost = v.sub(x, v.sub(u, v.constant(1)));
  const { k, f } = splitFloat(v, u);
  const value = logOf(v, k, f, v.div(lost, u));
  const finite = v.select(v.lt(x, v.constant(Infinity)), value, x);
  const atMinusOne = v.select(v.eq(u, v.constant(0)), v.constant(-Infinity), finite);
  // The sign of x is the sign of the result, also of −0.
  return v.withSignOf(v.nanWhere(v.lt(u, v.constant(0)), atMinusOne), x);
}

const gpuLog1p = gpuFunction(
  "log1pOf",
  ["x"],
  `const near = logSeries(x);
  return ${gpuIsNearOne("x")} ? near : Math.log(1 + x);`,
  [gpuLogSeries],
);

/** ln(1 + x) without cancellation near 0. */
export const log1p = floatFunction("log1p", { arity: 1, scalar: Math.log1p, gpu: gpuLog1p, vector: log1pVector });
