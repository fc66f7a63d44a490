import { type DenseTensor, type DType, isFloat, type PrimitiveName, type PrimitiveParams } from "@pushforward/tensor";
import type fc from "fast-check";
import { awayFromZero, elementsOf } from "../arbitraries/numbers.ts";

/** Operands and static parameters on which a primitive may be called. */
export interface PrimitiveCase<P extends PrimitiveName = PrimitiveName> {
  readonly name: P;
  readonly operands: readonly DenseTensor[];
  readonly params: PrimitiveParams[P];
}

/**
 * Which numbers the operands hold.
 *
 * - `smooth`: at least 0.25 away from kinks, ties and poles along every direction of length ≤ 1 an element, so that
 *   differences with h ≤ 0.1 resolve the derivative; of moderate size
 * - `wide`: well-scaled numbers, for what must hold everywhere
 * - `special`: ±0, ±∞, NaN and subnormals among them
 */
export type Values = "smooth" | "wide" | "special";

/** Options of a case. */
export interface CaseOptions {
  readonly dtype: DType;
  readonly values: Values;
}

/** How the cases of one primitive are made. */
export interface CaseFamily<P extends PrimitiveName> {
  /** dtypes of the operand that may vary; one operand at least has it. */
  readonly dtypes: readonly DType[];
  /** Operands with a derivative; "all" for a list of operands. */
  readonly smoothIn: readonly number[] | "all";
  cases(options: CaseOptions): fc.Arbitrary<Omit<PrimitiveCase<P>, "name">>;
}

export const floats = ["float64", "float32"] as const;
export const numbers = ["float64", "float32", "int32"] as const;
export const anyType = ["float64", "float32", "int32", "bool"] as const;

/** Elements for primitives without kinks: of moderate size where a derivative will be measured. */
export const elementsFor = ({ dtype, values }: CaseOptions): fc.Arbitrary<number> =>
  values === "smooth" && isFloat(dtype) ? awayFromZero(0.25, 4) : elementsOf(dtype, { special: values === "special" });
