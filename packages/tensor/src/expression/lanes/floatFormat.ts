/** The numbers of one floating-point format. */
export interface FloatFormat {
  readonly dtype: "float32" | "float64";
  /** Bits of one number, and of its fraction. */
  readonly bits: 32 | 64;
  readonly fraction: 23 | 52;
  /** The number that is added to an exponent before it is stored. */
  readonly bias: 127 | 1023;
  readonly largest: number;
  /** Smallest positive number with all its bits. */
  readonly smallestNormal: number;
}

/** IEEE 754 binary32. */
export const float32Format: FloatFormat = {
  ...{ dtype: "float32", bits: 32, fraction: 23, bias: 127 },
  ...{ largest: 2 ** 128 - 2 ** 104, smallestNormal: 2 ** -126 },
};

/** IEEE 754 binary64. */
export const float64Format: FloatFormat = {
  ...{ dtype: "float64", bits: 64, fraction: 52, bias: 1023 },
  ...{ largest: Number.MAX_VALUE, smallestNormal: 2 ** -1022 },
};
