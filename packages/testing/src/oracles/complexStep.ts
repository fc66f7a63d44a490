import {
  DenseTensor,
  flatten,
  type Leaf,
  type PrimitiveName,
  type Program,
  Tensor,
  traceFlat,
  unflatten,
  weakScalar,
} from "@pushforward/tensor";
import { complexRules, type Parts } from "./complexRules.ts";
import { type TreeFunction, tangentAt } from "./directional.ts";

/** Performs a program over complex numbers. */
export function interpretComplex(program: Program, inputs: readonly Parts[]): Parts[] {
  const values = new Map<Tensor, Parts>(program.inputs.map((variable, i) => [variable, inputs[i]]));
  const read = (x: Tensor): Parts => values.get(x) ?? { re: x.concrete("complexStep"), im: null };
  for (const { primitive, operands, params, output } of program.equations) {
    const rule = complexRules[primitive.name as PrimitiveName];
    values.set(output, rule(operands.map(read), { primitive, params, type: output }));
  }
  return program.outputs.map(read);
}

/**
 * Directional derivative by one complex step, to rounding error: no two numbers are subtracted.
 *
 *   Im f(x + ih·dx)/h,   h = 1e-30
 *
 * f is traced once and its program performed over complex numbers. Comparisons look at real parts.
 *
 * @param tangents one tree for every primal; null (or an int32 or bool primal) stands still
 * @returns the output's tree in float64
 * @throws  DTypeError for float32
 * @source  Squire and Trapp 1998, "Using complex variables to estimate derivatives of real functions"
 */
export function complexStep(
  f: TreeFunction,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  h = 1e-30,
): unknown {
  const points = flatten(primals, "complexStep");
  const { program, structure } = traceFlat(f, points, "complexStep");
  const inputs = points.leaves.map((leaf, i): Parts => {
    const re = denseOf(leaf);
    const by = tangentAt(leaf, points.paths[i], tangents);
    return {
      re,
      im:
        by &&
        new DenseTensor(
          Float64Array.from(by, (x) => x * h),
          re.shape,
          "float64",
          re.weak,
        ),
    };
  });
  const outputs = interpretComplex(program, inputs).map(
    ({ re, im }) =>
      new DenseTensor(
        Float64Array.from(re.buffer, (_, i) => (im ? im.buffer[i] / h : 0)),
        re.shape,
        "float64",
      ),
  );
  return unflatten(structure, outputs);
}

const denseOf = (leaf: Leaf): DenseTensor =>
  leaf instanceof Tensor ? leaf.concrete("complexStep") : weakScalar(Number(leaf));
