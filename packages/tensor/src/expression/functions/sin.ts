import { floatFunction } from "../operation.ts";
import { gpuSin, sineAfter } from "./trigonometry.ts";

/** Sine, x in radians. */
export const sin = floatFunction("sin", {
  arity: 1,
  scalar: Math.sin,
  gpu: gpuSin,
  vector: (v, x) => sineAfter(v, x, 0, "sin"),
});
