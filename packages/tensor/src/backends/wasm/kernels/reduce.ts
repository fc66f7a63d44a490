import { bytesPerElement, type DType } from "../../../array/dtype.ts";
import { sizeOf, stridesOf } from "../../../array/shape.ts";
import { expressionsOf } from "../../../compiler/expressionsOf.ts";
import type { ReduceKernel } from "../../../compiler/plan.ts";
import { collapse, type View } from "../../../compiler/view.ts";
import { ExpressionGraph, type Node } from "../../../expression/graph.ts";
import { f32x4, f64x2, i32x4, type Opcode } from "../assembler/index.ts";
import { type LaneCount, laneCount } from "../vector/index.ts";
import { type SumFormat, sumFormats } from "./compensated.ts";
import type { Lowering } from "./launch.ts";
import { type Operand, operandOf } from "./operand.ts";
import { columnsPerUnit, ReduceEmitter } from "./reduceEmitter.ts";
import { lowerZeros } from "./units.ts";

type Combiner = Exclude<ReduceKernel["combiner"], "argmax">;

/** How vectors of a dtype are combined, and what an accumulator starts from. */
const combiners: Readonly<
  Record<
    Combiner,
    Readonly<Partial<Record<DType, { readonly op: Opcode; readonly start: number; readonly sum?: SumFormat }>>>
  >
> = {
  sum: {
    float32: { op: f32x4.add, start: 0, sum: sumFormats.float32 },
    float64: { op: f64x2.add, start: 0, sum: sumFormats.float64 },
    int32: { op: i32x4.add, start: 0 },
  },
  max: {
    float32: { op: f32x4.max, start: Number.NEGATIVE_INFINITY },
    float64: { op: f64x2.max, start: Number.NEGATIVE_INFINITY },
    int32: { op: i32x4.maxS, start: -(2 ** 31) },
  },
  min: {
    float32: { op: f32x4.min, start: Number.POSITIVE_INFINITY },
    float64: { op: f64x2.min, start: Number.POSITIVE_INFINITY },
    int32: { op: i32x4.minS, start: 2 ** 31 - 1 },
  },
};

/** What a reduction's code is made of. */
export interface ReduceCode {
  readonly node: Node;
  readonly dtype: DType;
  readonly op: Opcode;
  readonly start: number;
  /** Of sums that round: long ones are made of blocks. */
  readonly sum?: SumFormat;
  readonly shape: readonly number[];
  readonly kept: readonly number[];
  readonly reduced: readonly number[];
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  readonly lanes: LaneCount;
  readonly fma: boolean;
}

/** Strides of the result in the shape of the operand: 0 along reduced axes, which also keeps kept and reduced axes apart. */
function resultView({ shape, axes, outputs: [{ buffer }] }: ReduceKernel): View {
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const dense = stridesOf(kept.map((axis) => shape[axis]));
  return {
    buffer,
    shape,
    offset: 0,
    strides: shape.map((_, axis) => (axes.includes(axis) ? 0 : dense[kept.indexOf(axis)])),
  };
}

/**
 * Lowers a reduction. Along a kept last axis each lane has its own sum; along a reduced one a vector of sums is added up at the
 * end.
 *
 * @returns false for an argmax, which has code of its own
 */
export function lowerReduce(lowering: Lowering, kernel: ReduceKernel, index: number): boolean {
  const { combiner, shape, inputs, equations, outputs } = kernel;
  const reduction = equations[equations.length - 1];
  const { dtype } = outputs[0].buffer;
  const how = combiner === "argmax" ? undefined : combiners[combiner][dtype];
  if (!how) return false;
  if (sizeOf(shape) === 0) {
    // Only a sum may be over nothing.
    const [{ buffer }] = outputs;
    lowerZeros(lowering, index, lowering.addressOf(buffer), buffer.size * bytesPerElement(dtype));
    return true;
  }
  const [node] = expressionsOf(kernel, equations.slice(0, -1), [reduction.operands[0]]);
  const views = [...inputs.map(({ view }) => view), resultView(kernel)];
  const collapsed = collapse(
    shape,
    views.map((view) => view.strides),
  );
  const operands = views.map((view, i) => operandOf(lowering, view, collapsed.strides[i]));
  const output = operands[operands.length - 1];
  const axes = collapsed.shape.map((_, axis) => axis);
  const code: ReduceCode = {
    ...how,
    node,
    dtype,
    shape: collapsed.shape,
    kept: axes.filter((axis) => output.strides[axis] !== 0),
    reduced: axes.filter((axis) => output.strides[axis] === 0),
    inputs: operands.slice(0, -1),
    output,
    lanes: laneCount([node]),
    fma: lowering.fma,
  };
  for (const stage of stagesOf(lowering, code)) launchReduce(lowering, stage, index, 0.2 + 0.1 * equations.length);
  return true;
}

/** Elements of one partial sum of a long total. */
const partLength = 4096;

/** A long total is made of partial sums, so that threads can share it; their number is a matter of the shape alone. */
function stagesOf(lowering: Lowering, code: ReduceCode): ReduceCode[] {
  const { shape, output, dtype } = code;
  if (code.kept.length > 0 || sizeOf(shape) < 2 * partLength) return [code];
  const parts = shape.length > 1 ? [code] : partsOfLine(code);
  const counts = parts.map(({ shape }) => shape[0]);
  const count = counts.reduce((sum, n) => sum + n, 0);
  const bytes = bytesPerElement(dtype);
  // Whole vectors are read from the partial sums, too.
  const scratch = lowering.scratch(count * bytes + 16);
  let start = scratch;
  const partial = parts.map((part, i) => {
    const strides = part.shape.map((_, axis) => (axis === 0 ? bytes : 0));
    const stage = { ...part, kept: [0], reduced: part.reduced.slice(1), output: { dtype, start, strides } };
    start += counts[i] * bytes;
    return stage;
  });
  const graph = new ExpressionGraph();
  const line = { dtype, start: scratch, strides: [bytes] };
  const total: ReduceCode = {
    ...code,
    node: graph.input(0, dtype),
    lanes: dtype === "float64" ? 2 : 4,
    shape: [count],
    reduced: [0],
    inputs: [line],
    output: { ...output, strides: [0] },
  };
  return [...partial, total];
}

/** A line as rows of equal length and, where it does not come out even, a shorter one. */
function partsOfLine(code: ReduceCode): ReduceCode[] {
  const [size] = code.shape;
  const rows = Math.floor(size / partLength);
  const part = (count: number, length: number, from: number): ReduceCode => ({
    ...code,
    shape: [count, length],
    reduced: [0, 1],
    inputs: code.inputs.map(({ dtype, start, strides: [stride] }) => ({
      dtype,
      start: start + from * stride,
      strides: [length * stride, stride],
    })),
  });
  const whole = rows * partLength;
  return [part(rows, partLength, 0), ...(size > whole ? [part(1, size - whole, whole)] : [])];
}

function launchReduce(lowering: Lowering, code: ReduceCode, index: number, costPerElement: number): void {
  const { shape, kept } = code;
  const last = shape.length - 1;
  const isColumns = kept.includes(last);
  const isOneRow = isColumns && kept.length === 1;
  const units = kept.length === 0 ? 1 : isOneRow ? Math.ceil(shape[last] / columnsPerUnit(code)) : shape[kept[0]];
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    const emitter = new ReduceEmitter(fn, code);
    if (isOneRow) emitter.columns();
    else if (isColumns) emitter.rowsOfColumns();
    else emitter.rows();
  });
  const results = kept.reduce((product, axis) => product * shape[axis], 1);
  const span = kept[0] === 0 && !isOneRow ? results / units : undefined;
  lowering.launch(index, "reduce", units, (sizeOf(shape) / units) * costPerElement, target, { span });
}
