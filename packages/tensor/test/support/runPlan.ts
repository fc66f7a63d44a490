import { allocate, type TypedArray } from "../../src/array/dtype.ts";
import type { Arena } from "../../src/compiler/arena.ts";
import type { Plan } from "../../src/compiler/plan.ts";
import { uniformConstant } from "../../src/compiler/uniformConstant.ts";
import type { Buffer, View } from "../../src/compiler/view.ts";
import { DenseTensor, evaluate, sizeOf, type Tensor } from "../../src/index.ts";

const constructors = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** Runs a plan in one real memory by the primitives' reference loops: an oracle for liveness, views and order. */
export function runPlan(plan: Plan, arena: Arena, inputs: readonly DenseTensor[]): DenseTensor[] {
  // A read of a place that was never written gives NaN or large integers.
  const memory = new Uint8Array(arena.size).fill(0xff).buffer;
  const elements = ({ dtype, size }: Buffer, offset: number): TypedArray =>
    new constructors[dtype](memory, offset, size);
  const at = (buffer: Buffer): TypedArray => elements(buffer, arena.offsets.get(buffer)!);
  const read = (view: View): DenseTensor =>
    new DenseTensor(gatherView(view, at(view.buffer)), view.shape, view.buffer.dtype);
  plan.inputs.forEach((buffer, i) => {
    if (arena.offsets.has(buffer)) at(buffer).set(inputs[i].buffer);
  });
  for (const { buffer, value } of plan.constants) at(buffer).set(value.buffer);
  for (const { equations, inputs: reads, outputs } of plan.kernels) {
    const values = new Map<Tensor, DenseTensor>(
      reads.map(({ value, view }) => [
        value,
        read(view).size === sizeOf(value.shape) ? retyped(read(view), value) : read(view),
      ]),
    );
    for (const { primitive, operands, params, output } of equations) {
      const dense = operands.map((x) => values.get(x) ?? constantOf(x));
      values.set(output, evaluate(primitive, dense, params));
    }
    for (const { value, buffer } of outputs) at(buffer).set(values.get(value)!.buffer);
  }
  return plan.outputs.map(read);
}

const retyped = (x: DenseTensor, like: Tensor): DenseTensor =>
  new DenseTensor(x.buffer, like.shape, like.dtype, like.weak);

function constantOf(x: Tensor): DenseTensor {
  if (uniformConstant(x) === undefined) throw new Error("a kernel reads a value that is not among its inputs");
  return x as DenseTensor;
}

function gatherView({ shape, strides, offset, buffer }: View, source: TypedArray): TypedArray {
  const out = allocate(buffer.dtype, sizeOf(shape));
  for (let i = 0; i < out.length; i++) {
    let [left, from] = [i, offset];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (left % shape[axis]) * strides[axis];
      left = Math.floor(left / shape[axis]);
    }
    out[i] = source[from];
  }
  return out;
}
