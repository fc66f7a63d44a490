import { allocate, type DType, isFloat, type TypedArray } from "../array/dtype.ts";
import { DTypeError, ShapeError } from "../array/errors.ts";
import { formatShape, sameShape } from "../array/shape.ts";
import type { TensorType } from "../array/tensorType.ts";
import { type Arity, allWeak, type NoParams, type Primitive } from "./primitive.ts";

/** A function of one element of each operand. */
export type ScalarFunction = (x: number, y: number, z: number, w: number) => number | boolean;

/** Which dtypes an elementwise primitive takes. */
export type Domain = "float" | "number" | "int" | "bool" | "any";

const domains: Record<Domain, readonly DType[]> = {
  float: ["float64", "float32"],
  number: ["float64", "float32", "int32"],
  int: ["int32"],
  bool: ["bool"],
  any: ["float64", "float32", "int32", "bool"],
};

/** The computation of an elementwise primitive. */
export interface ElementwiseBody {
  /** On float64 numbers; float32 results are rounded when stored. */
  readonly eval: ScalarFunction;
  /** The function on int32 where it must differ (products beyond 2^53). */
  readonly evalInt?: ScalarFunction;
  /** The same function in the scalar language, over x, y, z, w. */
  readonly expression: string;
  /** dtype of the result; default that of the operands. */
  readonly result?: DType;
}

/** Operand count and dtypes of an elementwise primitive. */
export interface ElementwiseDomain<A extends Arity> {
  readonly arity: A;
  /** Default "float". */
  readonly domain?: Domain;
}

/** Throws a DTypeError unless the operation is defined for this dtype. */
export function checkDomain(name: string, domain: Domain, dtype: DType): void {
  const allowed = domains[domain];
  if (allowed.includes(dtype)) return;
  const target = dtype === "bool" && allowed.includes("int32") ? "int32" : allowed[0]!;
  throw new DTypeError(
    `${name}: dtype must be ${allowed.join(" or ")}, got ${dtype}; cast it with cast(x, "${target}")`,
  );
}

/** Throws unless all operands have the shape and dtype of the first. */
export function checkSameType(name: string, operands: readonly TensorType[]): void {
  const first = operands[0]!;
  for (const x of operands) {
    if (x.dtype !== first.dtype) throw dtypeMismatch(name, first.dtype, x.dtype);
    if (!sameShape(x.shape, first.shape)) {
      throw new ShapeError(
        `${name}: operands must have one shape, got ${formatShape(first.shape)} and ${formatShape(x.shape)}`,
      );
    }
  }
}

/** The error for operands of two dtypes; it names the cast. */
export function dtypeMismatch(name: string, a: DType, b: DType): DTypeError {
  const target = isFloat(a) ? a : isFloat(b) ? b : "int32";
  return new DTypeError(`${name}: dtypes must agree, got ${a} and ${b}; cast one with cast(x, "${target}")`);
}

/** A primitive that acts on each element alone: the builder owns the loops. */
export function elementwise<A extends Arity>(
  name: string,
  spec: ElementwiseDomain<A> & ElementwiseBody,
): Primitive<NoParams, A, "map"> {
  return parametric<A, NoParams>(name, spec, () => spec);
}

/** An elementwise primitive whose function is made from its static parameters. */
export function parametric<A extends Arity, P extends object>(
  name: string,
  { arity, domain = "float" }: ElementwiseDomain<A>,
  body: (params: P) => ElementwiseBody,
): Primitive<P, A, "map"> {
  return {
    name,
    arity,
    role: "map",
    expression: (params) => body(params).expression,
    type(operands, params) {
      checkSameType(name, operands);
      const { shape, dtype } = operands[0];
      checkDomain(name, domain, dtype);
      const { result } = body(params);
      return { shape, dtype: result ?? dtype, weak: result === undefined && allWeak(operands) };
    },
    eval(operands, params, type) {
      const { eval: evalFloat, evalInt = evalFloat } = body(params);
      const buffers = operands.map((x) => x.buffer);
      const out = allocate(type.dtype, buffers[0].length);
      runLoop(out, buffers, operands[0].dtype === "int32" ? evalInt : evalFloat);
      return out;
    },
  };
}

function runLoop(out: TypedArray, operands: readonly TypedArray[], f: ScalarFunction): void {
  const [x, y, z, w] = operands as [TypedArray, TypedArray, TypedArray, TypedArray];
  const n = out.length;
  // Typed arrays turn true into 1 when stored.
  const target = out as { [index: number]: number | boolean };
  if (operands.length === 1) for (let i = 0; i < n; i++) target[i] = f(x[i]!, 0, 0, 0);
  else if (operands.length === 2) for (let i = 0; i < n; i++) target[i] = f(x[i]!, y[i]!, 0, 0);
  else if (operands.length === 3) for (let i = 0; i < n; i++) target[i] = f(x[i]!, y[i]!, z[i]!, 0);
  else for (let i = 0; i < n; i++) target[i] = f(x[i]!, y[i]!, z[i]!, w[i]!);
}
