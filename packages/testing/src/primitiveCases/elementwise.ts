import { type DType, isFloat, type PrimitiveName, type PrimitiveParams, sizeOf, tensor } from "@pushforward/tensor";
import fc from "fast-check";
import { awayFromZero, between, elementsOf } from "../arbitraries/numbers.ts";
import { shapes } from "../arbitraries/shapes.ts";
import { listOf, tensorOf } from "../arbitraries/tensors.ts";
import {
  anyType,
  type CaseFamily,
  type CaseOptions,
  elementsFor,
  floats,
  numbers,
  type PrimitiveCase,
} from "./primitiveCase.ts";

type Tuple = fc.Arbitrary<readonly number[]>;

/** Static parameters, which may depend on the options of the case. */
type Params<P extends PrimitiveName> = (options: CaseOptions) => fc.Arbitrary<PrimitiveParams[P]>;

/** Operands of one shape; the numbers of one place are drawn together, so that they may avoid a kink together. */
function sameShape<P extends PrimitiveName>(
  arity: number,
  dtypes: readonly DType[],
  smooth: Tuple | null,
  params: Params<P> = () => fc.constant({} as PrimitiveParams[P]),
): CaseFamily<P> {
  return {
    dtypes,
    smoothIn: smooth ? Array.from({ length: arity }, (_, i) => i) : [],
    cases: (options) => {
      const { dtype, values } = options;
      const wide: Tuple = listOf(elementsOf(dtype, { special: values === "special" }), arity);
      const places = values === "smooth" && smooth && isFloat(dtype) ? smooth : wide;
      return fc.tuple(shapes(), params(options)).chain(([shape, chosen]) =>
        listOf(places, sizeOf(shape)).map((rows) => ({
          params: chosen,
          operands: Array.from({ length: arity }, (_, i) => {
            const column = rows.map((row) => row[i]);
            return tensor(column, { dtype, shape });
          }),
        })),
      );
    },
  };
}

const one = (x: fc.Arbitrary<number>): Tuple => x.map((value) => [value]);
const anywhere = awayFromZero(0.5, 4);
const positive = between(0.6, 6);
const unary = <P extends PrimitiveName>(smooth: fc.Arbitrary<number>): CaseFamily<P> =>
  sameShape(1, floats, one(smooth));

/** Two numbers at least 0.5 apart. */
const apart: Tuple = fc.tuple(awayFromZero(0, 4), awayFromZero(0.5, 4)).map(([x, distance]) => [x, x + distance]);

/** A whole number plus a part in [low, high). */
const offGrid = (low: number, high: number): Tuple =>
  fc.tuple(fc.integer({ min: -4, max: 4 }), between(low, high)).map(([n, part]) => [n + part]);

/** x/y in the middle of a step of ⌊x/y⌋. */
const offSteps: Tuple = fc
  .tuple(awayFromZero(2, 4), fc.integer({ min: -1, max: 1 }), between(0.35, 0.65))
  .map(([y, quotient, part]) => [y * (quotient + part), y]);

export const arithmeticCases = {
  add: sameShape<"add">(2, numbers, fc.tuple(anywhere, anywhere)),
  sub: sameShape<"sub">(2, numbers, fc.tuple(anywhere, anywhere)),
  mul: sameShape<"mul">(2, numbers, fc.tuple(anywhere, anywhere)),
  div: sameShape<"div">(2, floats, fc.tuple(anywhere, awayFromZero(0.75, 4))),
  neg: sameShape<"neg">(1, numbers, one(anywhere)),
  pow: sameShape<"pow">(2, floats, fc.tuple(between(0.75, 4), awayFromZero(0.5, 3))),
  // int32 has no reciprocals.
  integerPow: sameShape<"integerPow">(1, numbers, one(awayFromZero(0.75, 2)), ({ dtype }) =>
    fc.integer({ min: dtype === "int32" ? 0 : -3, max: 6 }).map((n) => ({ n })),
  ),
  abs: sameShape<"abs">(1, numbers, one(anywhere)),
  sign: sameShape<"sign">(1, numbers, one(anywhere)),
  floor: sameShape<"floor">(1, floats, offGrid(0.25, 0.75)),
  ceil: sameShape<"ceil">(1, floats, offGrid(0.25, 0.75)),
  round: sameShape<"round">(1, floats, offGrid(-0.25, 0.25)),
  maximum: sameShape<"maximum">(2, numbers, apart),
  minimum: sameShape<"minimum">(2, numbers, apart),
  remainder: sameShape<"remainder">(2, numbers, offSteps),
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };

export const transcendentalCases = {
  exp: unary<"exp">(anywhere),
  expm1: unary<"expm1">(anywhere),
  log: unary<"log">(positive),
  log1p: unary<"log1p">(between(-0.4, 6)),
  sqrt: unary<"sqrt">(positive),
  rsqrt: unary<"rsqrt">(positive),
  sin: unary<"sin">(awayFromZero(0, 8)),
  cos: unary<"cos">(awayFromZero(0, 8)),
  atan: unary<"atan">(awayFromZero(0, 8)),
  tanh: unary<"tanh">(awayFromZero(0, 3)),
  sigmoid: unary<"sigmoid">(awayFromZero(0, 6)),
  erf: unary<"erf">(awayFromZero(0, 2.5)),
  normalCdf: unary<"normalCdf">(awayFromZero(0, 3)),
  erfInv: unary<"erfInv">(awayFromZero(0, 0.5)),
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };

const bool = ["bool"] as const;
const int = ["int32"] as const;

export const comparisonCases = {
  equal: sameShape<"equal">(2, anyType, null),
  less: sameShape<"less">(2, numbers, null),
  lessEqual: sameShape<"lessEqual">(2, numbers, null),
  and: sameShape<"and">(2, bool, null),
  or: sameShape<"or">(2, bool, null),
  not: sameShape<"not">(1, bool, null),
  isFinite: sameShape<"isFinite">(1, floats, null),
  where: {
    dtypes: anyType,
    smoothIn: [1, 2],
    cases: (options) =>
      shapes().chain((shape) => {
        const branch = tensorOf(shape, { dtype: options.dtype, elements: elementsFor(options) });
        return fc
          .tuple(tensorOf(shape, { dtype: "bool" }), branch, branch)
          .map((operands): Omit<PrimitiveCase<"where">, "name"> => ({ operands, params: {} }));
      }),
  },
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };

export const integerCases = {
  bitXor: sameShape<"bitXor">(2, int, null),
  bitAnd: sameShape<"bitAnd">(2, int, null),
  shiftLeft: shift<"shiftLeft">(),
  shiftRight: shift<"shiftRight">(),
  threefry: sameShape<"threefry">(4, int, null, () => fc.constantFrom({ word: 0 as const }, { word: 1 as const })),
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };

const shiftCounts = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 31 }) },
  { weight: 1, arbitrary: fc.constantFrom(32, 33, 64, -1, -31, -32, 2 ** 31 - 1, -(2 ** 31)) },
);

/** Shifts by 0 to 31 bits, sometimes by a count outside this range, which leaves 0. */
function shift<P extends "shiftLeft" | "shiftRight">(): CaseFamily<P> {
  return {
    dtypes: int,
    smoothIn: [],
    cases: () =>
      shapes()
        .chain((shape) =>
          fc.tuple(tensorOf(shape, { dtype: "int32" }), tensorOf(shape, { dtype: "int32", elements: shiftCounts })),
        )
        .map((operands) => ({ operands, params: {} as PrimitiveParams[P] })),
  };
}

export const conversionCases = {
  cast: {
    dtypes: anyType,
    smoothIn: [0],
    cases: (options) =>
      fc
        .tuple(
          shapes().chain((shape) => tensorOf(shape, { dtype: options.dtype, elements: elementsFor(options) })),
          // A derivative through float32 would be measured in its precision.
          options.values === "smooth" && isFloat(options.dtype)
            ? fc.constant(options.dtype)
            : fc.constantFrom(...anyType),
        )
        .map(([x, target]): Omit<PrimitiveCase<"cast">, "name"> => ({ operands: [x], params: { dtype: target } })),
  },
  unitFromBits: sameShape<"unitFromBits">(2, int, null, () => fc.constantFrom(...floats.map((dtype) => ({ dtype })))),
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };
