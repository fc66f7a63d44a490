/** ln 2 as a sum of two numbers, by format: products of the first with exponents and other small whole numbers are exact. */
export const ln2 = {
  32: [0.693145751953125, 1.428606765330187e-6],
  64: [0.6931471806019545, -4.2009150726810846e-11],
} as const;

/**
 * ln 2 in float64 as a sum whose first part ends in 21 zero bits. It differs from ln 2 by 1.2·10⁻²⁶, the sum of `ln2[64]` by 1.3·10⁻²⁷.
 *
 * @source fdlibm e_exp.c
 */
export const ln2OfFdlibm = [0.6931471803691238, 1.9082149292705877e-10] as const;
