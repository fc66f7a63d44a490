import {
  bind,
  currentInterpreter,
  DenseTensor,
  isFloat,
  type PrimitiveName,
  primitiveOf,
  type Tensor,
  under,
  zerosLike,
} from "@pushforward/tensor";
import { caseFamilies, type PrimitiveCase } from "@pushforward/testing";
import { transposeRules } from "../../src/index.ts";
import { type LinearProgram, Recorder } from "../../src/linearProgram.ts";
import type { TransposeRule } from "../../src/rules/rule.ts";
import { transposeLinear } from "../../src/transpose.ts";

/** Primitives that are linear in an operand. */
export const transposable = Object.keys(transposeRules) as PrimitiveName[];

/** Operands in which the primitive is linear by its row of the table. */
export function linearOperands({ name, operands }: PrimitiveCase): number[] {
  const rule = transposeRules[name] as TransposeRule<PrimitiveName>;
  const { operands: rows } = rule;
  return operands.flatMap((x, i) => {
    const isLinear = typeof rows === "function" || (rows as readonly unknown[])[i] !== null;
    return isLinear && isFloat(x.dtype) && caseFamilies[name].smoothIn.length > 0 ? [i] : [];
  });
}

/** The linear program of one primitive applied to a tangent of its i-th operand, the others being known. */
function programOf({ name, operands, params }: PrimitiveCase, i: number): LinearProgram {
  const recorder = new Recorder(currentInterpreter());
  const input = recorder.input(operands[i]);
  const output = under(recorder, () =>
    bind(primitiveOf(name), operands.with(i, input as unknown as DenseTensor), params),
  );
  return { inputs: [input], steps: recorder.steps, outputs: [output] };
}

/** The tensor with 1 at one place. */
function unit(like: { readonly shape: readonly number[]; readonly size: number }, at: number): DenseTensor {
  const numbers = new Float64Array(like.size);
  numbers[at] = 1;
  return new DenseTensor(numbers, like.shape, "float64");
}

/** Largest |A[r][c] − Aᵀ[c][r]| for a primitive as a matrix A in its i-th operand, column by column and row by row. */
export function transposeGap(drawn: PrimitiveCase, i: number): number {
  const { name, params } = drawn;
  const { joint } = transposeRules[name] as TransposeRule<PrimitiveName>;
  // What is linear in all operands together is a matrix in one where the others are 0.
  const operands = drawn.operands.map((x, k) => (joint === "sum" && k !== i && isFloat(x.dtype) ? zerosLike(x) : x));
  const program = programOf({ ...drawn, operands }, i);
  const apply = (dx: Tensor): DenseTensor =>
    bind(primitiveOf(name), operands.with(i, dx as DenseTensor), params).concrete("gap");
  const [x, out] = [operands[i], apply(operands[i])];
  const columns = Array.from({ length: x.size }, (_, c) => apply(unit(x, c)).buffer);
  let gap = 0;
  for (let r = 0; r < out.size; r++) {
    const [row] = transposeLinear(program, [unit(out, r)]);
    const expected = name === "stopCotangent" ? null : columns.map((column) => column[r]);
    if (expected === null || row === null) {
      gap = Math.max(gap, Number(row !== expected) * 2);
      continue;
    }
    const { buffer, shape } = row.concrete("gap");
    if (String(shape) !== String(x.shape)) return Number.POSITIVE_INFINITY;
    expected.forEach((value, c) => {
      gap = Math.max(gap, Math.abs(value - buffer[c]));
    });
  }
  return gap;
}
