import { full, mul, normal } from "@pushforward/tensor";
import type { Initializer } from "./initializers.ts";

/** Ones, for scales. */
export const ones: Initializer = (_key, shape, { dtype = "float64" } = {}) => full(shape, 1, { dtype });

/** Normal values of a small deviation, for tables and embedded times. */
export const smallNormal: Initializer = (key, shape, { dtype = "float64" } = {}) =>
  mul(normal(key, shape, { dtype }), smallDeviation);

/** @source Peebles and Xie 2023, official code of DiT: standard deviation of the embeddings of times and labels */
const smallDeviation = 0.02;
