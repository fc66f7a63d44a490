import {
  bind,
  DenseTensor as Dense,
  type DenseTensor,
  isFloat,
  type PrimitiveName,
  primitiveOf,
  type Shape,
  sizeOf,
  type Tensor,
} from "@pushforward/tensor";
import { caseFamilies, type PrimitiveCase, primitiveCases, primitiveNames } from "@pushforward/testing";

/** Numbers in (−1, 1) that look random and follow from a phase: directions and cotangents of a case. */
export function wave(shape: Shape, phase: number, dtype: "float64" | "float32" = "float64"): DenseTensor {
  const numbers = Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
    Math.sin(phase + 0.7 + 2.4 * i + 0.13 * i * i),
  );
  return new Dense(dtype === "float64" ? numbers : Float32Array.from(numbers), shape, dtype);
}

/** A primitive at a point, as a function of its differentiable operands alone. */
export interface DerivativeCase {
  readonly name: PrimitiveName;
  readonly f: (...xs: Tensor[]) => Tensor;
  readonly primals: readonly DenseTensor[];
  /** Two directions, and a cotangent of the result. */
  readonly v: readonly DenseTensor[];
  readonly u: readonly DenseTensor[];
  readonly ct: DenseTensor;
}

/** Operands in which a primitive has a derivative (or one that is zero by definition). */
function smoothOperands({ name, operands }: PrimitiveCase): number[] {
  const { smoothIn } = caseFamilies[name];
  return operands.flatMap((x, i) => (isFloat(x.dtype) && (smoothIn === "all" || smoothIn.includes(i)) ? [i] : []));
}

/** The case as a function, with directions. */
export function derivativeCase(drawn: PrimitiveCase): DerivativeCase {
  const { name, operands, params } = drawn;
  const places = smoothOperands(drawn);
  const primitive = primitiveOf(name);
  const f = (...xs: Tensor[]): Tensor =>
    bind(
      primitive,
      operands.map((x, i) => (places.includes(i) ? xs[places.indexOf(i)] : x)),
      params,
    );
  const primals = places.map((i) => operands[i]);
  const direction = (phase: number): DenseTensor[] =>
    primals.map((x, i) => wave(x.shape, phase + i, x.dtype as "float64"));
  const out = f(...primals);
  return { name, f, primals, v: direction(1), u: direction(20), ct: wave(out.shape, 40, out.dtype as "float64") };
}

/** Primitives that take floats and give floats: all that a derivative can be asked of. */
export const differentiable = primitiveNames.filter((name) => caseFamilies[name].smoothIn.length > 0);

/** Random cases of a primitive. */
export const derivativeCases = (name: PrimitiveName, dtype: "float64" | "float32" = "float64") =>
  primitiveCases(name, { dtype }).map((drawn) => derivativeCase(drawn as PrimitiveCase));
