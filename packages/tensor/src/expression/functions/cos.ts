import { floatFunction } from "../operation.ts";
import { gpuCos, sineAfter } from "./trigonometry.ts";

/** Cosine, x in radians. */
export const cos = floatFunction("cos", {
  arity: 1,
  scalar: Math.cos,
  gpu: gpuCos,
  vector: (v, x) => sineAfter(v, x, 1, "cos"),
});
