import type { DType } from "@pushforward/tensor";

/**
 * What a compiled operation may be off by, against the reference: nothing where it is not named here.
 *
 * "sum": terms are added in another order, or multiplied and added with one rounding: c·ε·Σ|terms|, where c is that of
 * `roundingsOfSum`.
 */
const rules: Readonly<Record<string, "sum" | { readonly ulps: number }>> = {
  sum: "sum",
  matmul: "sum",
  ...Object.fromEntries(
    ["exp", "expm1", "log", "log1p", "rsqrt", "sin", "cos", "atan", "tanh", "sigmoid", "erf", "erfInv", "pow"].map(
      (name) => [name, { ulps: 4 }],
    ),
  ),
  // three roundings in a product, here and there
  normalCdf: { ulps: 8 },
};

/** Units of the last place that an operation's results may be off by: those of a named function, else 0. */
export function ulpsOfPrimitive(name: string): number {
  const rule = rules[name];
  return rule !== undefined && rule !== "sum" ? rule.ulps : 0;
}

/** Whether an operation adds up terms in an order of its own. */
export const isReordered = (name: string): boolean => rules[name] === "sum";

/**
 * Roundings of a sum of so many terms that may add up, besides those of what is added: every backend sums in blocks of twelve and
 * blocks of those, whatever their number.
 */
export const roundingsOfSum = (terms: number): number => Math.min(terms + 2, 72);

/** ε of a sum: half the distance from 1 to the next number. */
export const roundingOf = (dtype: DType): number =>
  dtype === "float32" ? 2 ** -24 : dtype === "float64" ? 2 ** -53 : 0;
