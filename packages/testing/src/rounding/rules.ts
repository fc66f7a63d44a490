import type { DType, PrimitiveName } from "@pushforward/tensor";

/**
 * The error that compiled primitives may have against the reference: 0 for a primitive that is not listed.
 *
 * "sum": terms are added in another order, or multiplied and added with one rounding: c·ε·Σ|terms|, where c is that of
 * `roundingsOfSum`.
 */
const rules: { readonly [P in PrimitiveName]?: "sum" | { readonly ulps: number } } = {
  sum: "sum",
  matmul: "sum",
  conv: "sum",
  exp: { ulps: 4 },
  expm1: { ulps: 4 },
  log: { ulps: 4 },
  log1p: { ulps: 4 },
  rsqrt: { ulps: 4 },
  sin: { ulps: 4 },
  cos: { ulps: 4 },
  atan: { ulps: 4 },
  tanh: { ulps: 4 },
  sigmoid: { ulps: 4 },
  erf: { ulps: 4 },
  erfInv: { ulps: 4 },
  pow: { ulps: 4 },
  // up to three roundings in a product
  normalCdf: { ulps: 8 },
};

const ruleOf = (name: string) => rules[name as PrimitiveName];

/** Largest error of a compiled primitive in units of the last place. */
export function ulpsOfPrimitive(name: string): number {
  const rule = ruleOf(name);
  return rule !== undefined && rule !== "sum" ? rule.ulps : 0;
}

/** Whether compiled code may add the terms of a primitive in another order. */
export const isReordered = (name: string): boolean => ruleOf(name) === "sum";

/**
 * Roundings of a sum with this number of terms that may accumulate, besides the errors of the terms: every backend sums blocks of
 * twelve, and blocks of blocks.
 */
export const roundingsOfSum = (terms: number): number => Math.min(terms + 2, 72);

/** ε of a sum: half the distance from 1 to the next number. */
export const roundingOf = (dtype: DType): number =>
  dtype === "float32" ? 2 ** -24 : dtype === "float64" ? 2 ** -53 : 0;
