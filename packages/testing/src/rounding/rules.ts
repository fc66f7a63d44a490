import type { DType, PrimitiveName } from "@pushforward/tensor";

/**
 * What a compiled operation may be off by, against the reference: nothing where its primitive is not named here.
 *
 * "sum": terms are added in another order, or multiplied and added with one rounding: c·ε·Σ|terms|, where c is that of
 * `roundingsOfSum`.
 */
const rules: { readonly [P in PrimitiveName]?: "sum" | { readonly ulps: number } } = {
  sum: "sum",
  matmul: "sum",
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
  // three roundings in a product, here and there
  normalCdf: { ulps: 8 },
};

const ruleOf = (name: string) => rules[name as PrimitiveName];

/** Units of the last place that an operation's results may be off by: those of a named function, else 0. */
export function ulpsOfPrimitive(name: string): number {
  const rule = ruleOf(name);
  return rule !== undefined && rule !== "sum" ? rule.ulps : 0;
}

/** Whether an operation adds up terms in an order of its own. */
export const isReordered = (name: string): boolean => ruleOf(name) === "sum";

/**
 * Roundings of a sum of so many terms that may add up, besides those of what is added: every backend sums in blocks of twelve and
 * blocks of those, whatever their number.
 */
export const roundingsOfSum = (terms: number): number => Math.min(terms + 2, 72);

/** ε of a sum: half the distance from 1 to the next number. */
export const roundingOf = (dtype: DType): number =>
  dtype === "float32" ? 2 ** -24 : dtype === "float64" ? 2 ** -53 : 0;
