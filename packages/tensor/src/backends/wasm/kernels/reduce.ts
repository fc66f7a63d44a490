import { bytesPerElement } from "../../../array/dtype.ts";
import { sizeOf, stridesOf } from "../../../array/shape.ts";
import { expressionsOf } from "../../../compiler/expressionsOf.ts";
import type { ReduceKernel } from "../../../compiler/plan.ts";
import { collapse, type View } from "../../../compiler/view.ts";
import { ExpressionGraph } from "../../../expression/graph.ts";
import { laneCountOf } from "../vector/index.ts";
import { ArgmaxAccumulator } from "./argmaxAccumulator.ts";
import { FoldAccumulator, folds } from "./foldAccumulator.ts";
import type { Lowering } from "./lowering.ts";
import { lowerZeros } from "./lowerZeros.ts";
import { operandOf } from "./operand.ts";
import { type Reduction, ReductionLoops } from "./reductionLoops.ts";

/** Lowers a reduction. */
export function lowerReduce(lowering: Lowering, kernel: ReduceKernel, index: number): boolean {
  const { combiner, shape, equations, outputs } = kernel;
  const [{ buffer }] = outputs;
  if (buffer.size === 0) return true;
  if (sizeOf(shape) === 0) {
    // Only sums may be empty.
    lowerZeros(lowering, index, lowering.addressOf(buffer), buffer.size * bytesPerElement(buffer.dtype));
    return true;
  }
  const code = reductionOf(lowering, kernel);
  // A long argmax is not cut: indices of its parts would need a combination of their own.
  const stages = combiner === "argmax" ? [code] : stagesOf(lowering, code);
  const costPerElement = (combiner === "argmax" ? 0.6 : 0.2) + 0.1 * equations.length;
  for (const stage of stages) launchReduction(lowering, stage, index, costPerElement);
  return true;
}

function reductionOf(lowering: Lowering, kernel: ReduceKernel): Reduction {
  const { combiner, shape, inputs, equations } = kernel;
  const [node] = expressionsOf(kernel, equations.slice(0, -1), [equations[equations.length - 1].operands[0]]);
  const { dtype } = node;
  const views = [...inputs.map(({ view }) => view), resultView(kernel)];
  const collapsed = collapse(
    shape,
    views.map((view) => view.strides),
  );
  const operands = views.map((view, i) => operandOf(lowering, view, collapsed.strides[i]));
  const output = operands[operands.length - 1];
  const axes = collapsed.shape.map((_, axis) => axis);
  return {
    node,
    shape: collapsed.shape,
    kept: axes.filter((axis) => output.strides[axis] !== 0),
    reduced: axes.filter((axis) => output.strides[axis] === 0),
    inputs: operands.slice(0, -1),
    output,
    laneCount: laneCountOf([node]),
    fma: lowering.fma,
    accumulator: (fn, laneCount, isAcross) =>
      combiner === "argmax"
        ? new ArgmaxAccumulator(fn, dtype, laneCount, isAcross)
        : new FoldAccumulator(fn, folds[combiner][dtype as keyof typeof folds.sum], dtype, laneCount),
  };
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

/** Elements of one partial result of a long one. */
const partLength = 4096;

/** A long total is made of partial results, so that threads can share it; their number follows from the shape alone. */
function stagesOf(lowering: Lowering, code: Reduction): Reduction[] {
  const { shape, output } = code;
  const { dtype } = output;
  if (code.kept.length > 0 || sizeOf(shape) < 2 * partLength) return [code];
  const parts = shape.length > 1 ? [code] : partsOfLine(code);
  const counts = parts.map(({ shape }) => shape[0]);
  const count = counts.reduce((sum, n) => sum + n, 0);
  const bytes = bytesPerElement(dtype);
  // Whole vectors are read from the partial results, too.
  const scratch = lowering.scratch(count * bytes + 16);
  let start = scratch;
  const partial = parts.map((part, i) => {
    const strides = part.shape.map((_, axis) => (axis === 0 ? bytes : 0));
    const stage = { ...part, kept: [0], reduced: part.reduced.slice(1), output: { dtype, start, strides } };
    start += counts[i] * bytes;
    return stage;
  });
  const total: Reduction = {
    ...code,
    node: new ExpressionGraph().input(0, dtype),
    laneCount: dtype === "float64" ? 2 : 4,
    shape: [count],
    reduced: [0],
    inputs: [{ dtype, start: scratch, strides: [bytes] }],
    output: { ...output, strides: [0] },
  };
  return [...partial, total];
}

/** A line as rows of equal length and, where a rest is left, a shorter one. */
function partsOfLine(code: Reduction): Reduction[] {
  const [size] = code.shape;
  const rows = Math.floor(size / partLength);
  const part = (count: number, length: number, from: number): Reduction => ({
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

function launchReduction(lowering: Lowering, code: Reduction, index: number, costPerElement: number): void {
  const { shape, kept } = code;
  let workItems = 1;
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    workItems = new ReductionLoops(fn, code).emit();
  });
  const results = kept.reduce((product, axis) => product * shape[axis], 1);
  // Work items of one row of results are blocks of columns, not rows.
  const span = kept[0] === 0 && shape.length > 1 ? results / workItems : undefined;
  lowering.launch(index, "reduce", workItems, (sizeOf(shape) / workItems) * costPerElement, target, { span });
}
