import { rsqrt as scalar } from "../../scalar/rsqrt.ts";
import { floatFunction } from "../operation.ts";

/** 1/√x. */
export const rsqrt = floatFunction("rsqrt", {
  arity: 1,
  scalar,
  gpu: (x) => `1 / Math.sqrt(${x})`,
  vector: (v, x) => v.div(v.constant(1), v.sqrt(x)),
});
