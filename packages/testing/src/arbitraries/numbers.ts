import type { DType } from "@pushforward/tensor";
import fc from "fast-check";

/** Range of exponents of well-scaled numbers. */
const exponents = 17;

/**
 * Well-scaled numbers: ±m·2^k with m in [1, 2) of 47 random bits and k in [−8, 8]. Never 0, so no sum of two is a special case.
 *
 * One integer holds sign, exponent and mantissa: drawing is fast, and shrinking ends at 1.
 */
export const scaled = (): fc.Arbitrary<number> =>
  fc.nat({ max: 2 * exponents * 2 ** 47 - 1 }).map((n) => {
    const sign = n % 2 === 0 ? 1 : -1;
    const code = Math.floor(n / 2) % exponents;
    const exponent = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
    return sign * (1 + Math.floor(n / (2 * exponents)) * 2 ** -47) * 2 ** exponent;
  });

/** n/16 with |n| ≤ 64: few enough bits that short sums and products are exact. */
export const dyadics = (): fc.Arbitrary<number> => fc.integer({ min: -64, max: 64 }).map((n) => n / 16);

/** Well-scaled numbers with some exact ones and 0 among them. */
export const wellScaled = (): fc.Arbitrary<number> =>
  fc.oneof({ weight: 3, arbitrary: scaled() }, { weight: 1, arbitrary: dyadics() });

/** ±0, ±∞, NaN, subnormals and the ends of both float ranges. */
export const specialNumbers = (): fc.Arbitrary<number> =>
  fc.constantFrom(
    ...[0, -0, 1, -1, Infinity, -Infinity, NaN, 2 ** -1074, -(2 ** -1074), 2 ** -1022, Number.MAX_VALUE],
    ...[2 ** -149, -(2 ** -149), 2 ** -126, 2 ** 127, -Number.MAX_VALUE],
  );

/** Numbers spread evenly over [low, high), with 32 random bits; they shrink to the lower end. */
export const between = (low: number, high: number): fc.Arbitrary<number> =>
  fc.nat({ max: 2 ** 32 - 1 }).map((n) => low + (high - low) * n * 2 ** -32);

/** As `between`, of either sign. */
export const awayFromZero = (low: number, high: number): fc.Arbitrary<number> =>
  fc.nat({ max: 2 ** 33 - 1 }).map((n) => {
    const size = low + (high - low) * Math.floor(n / 2) * 2 ** -32;
    return n % 2 === 0 ? size : -size;
  });

/** Whole numbers: small ones, and bit patterns of the whole int32 range with its ends. */
export const int32s = (): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: -9, max: 9 }) },
    { weight: 2, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
    { weight: 1, arbitrary: fc.constantFrom(-(2 ** 31), 2 ** 31 - 1) },
  );

/** Elements that a dtype can hold; `special` adds ±0, ±∞, NaN and subnormals to the floats. */
export function elementsOf(dtype: DType, { special = false } = {}): fc.Arbitrary<number> {
  if (dtype === "bool") return fc.nat({ max: 1 });
  if (dtype === "int32") return int32s();
  return special
    ? fc.oneof({ weight: 2, arbitrary: wellScaled() }, { weight: 1, arbitrary: specialNumbers() })
    : wellScaled();
}
