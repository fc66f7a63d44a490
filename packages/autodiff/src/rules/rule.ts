import type { PrimitiveArity, PrimitiveName, PrimitiveParams, Tensor, TensorType } from "@pushforward/tensor";

/** The inputs of a derivative rule: operands by letter, the output, static parameters. */
export interface RuleContext<Params> {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly z: Tensor;
  readonly w: Tensor;
  readonly operands: readonly Tensor[];
  readonly out: Tensor;
  readonly params: Params;
}

/** One entry for each operand; "n" stands for a primitive with any number of operands. */
type PerOperand<A, Rule> = A extends 0
  ? readonly []
  : A extends 1
    ? readonly [Rule]
    : A extends 2
      ? readonly [Rule, Rule]
      : A extends 3
        ? readonly [Rule, Rule, Rule]
        : readonly [Rule, Rule, Rule, Rule];

/** The contribution of one operand's tangent to the output's tangent, linear in `dx`; null for no contribution. */
export type OperandRule<Params> = (dx: Tensor, context: RuleContext<Params>) => Tensor | null;

/** One rule per operand, a rule of all tangents for "n" operands, or null where no derivative exists. */
export type JvpRule<P extends PrimitiveName> =
  | null
  | (PrimitiveArity[P] extends "n"
      ? (tangents: readonly (Tensor | null)[], context: RuleContext<PrimitiveParams[P]>) => Tensor | null
      : PerOperand<PrimitiveArity[P], OperandRule<PrimitiveParams[P]> | null>);

/** Total over the primitives: a primitive without a rule does not compile. */
export type JvpTable = { readonly [P in PrimitiveName]: JvpRule<P> };

/** The inputs of a transpose rule: known operands as values, linear operands as types only. */
export interface TransposeContext<Params> {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly z: Tensor;
  /** Shapes and dtypes of all operands. */
  readonly types: readonly TensorType[];
  readonly params: Params;
}

/** Computes one operand's cotangent from the output's cotangent: for a map x ↦ A·x it is ct ↦ Aᵀ·ct. */
export type OperandTranspose<Params> = (ct: Tensor, context: TransposeContext<Params>) => Tensor | null;

/** A transpose rule, and whether the primitive is linear in all operands together (add) or in one operand at a time (mul). */
export interface TransposeRule<P extends PrimitiveName> {
  /** "sum": linear in all operands together; "product": linear in one while the others are known. */
  readonly joint: "sum" | "product";
  readonly operands: PrimitiveArity[P] extends "n"
    ? (ct: Tensor, context: TransposeContext<PrimitiveParams[P]>) => readonly Tensor[]
    : PerOperand<PrimitiveArity[P], OperandTranspose<PrimitiveParams[P]> | null>;
}

/** Only primitives that are linear in an operand have a transpose rule. */
export type TransposeTable = { readonly [P in PrimitiveName]?: TransposeRule<P> };

/** An operand under vmap: batched values carry the mapped axis in front. */
export interface Batched {
  readonly value: Tensor;
  readonly isBatched: boolean;
}

/** Applies the primitive to operands of which some carry the mapped axis, of length `size`, in front; the result carries it too. */
export type BatchRule<P extends PrimitiveName> = (
  operands: readonly Batched[],
  params: PrimitiveParams[P],
  size: number,
) => Tensor;

/** Total over the primitives. */
export type BatchTable = { readonly [P in PrimitiveName]: BatchRule<P> };
