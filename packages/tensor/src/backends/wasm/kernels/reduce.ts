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
import { type Operand, operandOf } from "./operand.ts";
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
  for (const stage of stages) launchReduction(lowering, stage, { index, costPerElement, results: buffer.size });
  return true;
}

function reductionOf(lowering: Lowering, kernel: ReduceKernel): Reduction {
  const { combiner, shape, inputs, equations } = kernel;
  const [node] = expressionsOf(kernel, equations.slice(0, -1), [equations[equations.length - 1].operands[0]]);
  const { dtype } = node;
  const views = [...inputs.map(({ view }) => view), resultView(kernel)];
  const operands = views.map((view) => operandOf(lowering, view, view.strides));
  return {
    ...loopsOf(shape, operands),
    node,
    laneCount: laneCountOf([node]),
    fma: lowering.fma,
    accumulator: (fn, laneCount, isAcross) =>
      combiner === "argmax"
        ? new ArgmaxAccumulator(fn, dtype, laneCount, isAcross)
        : new FoldAccumulator(fn, folds[combiner][dtype as keyof typeof folds.sum], dtype, laneCount),
  };
}

/** The loops of a reduction over a shape, of which the result is the last operand: it has strides 0 along reduced axes. */
function loopsOf(
  full: readonly number[],
  operands: readonly Operand[],
): Pick<Reduction, "shape" | "kept" | "reduced" | "inputs" | "output"> {
  const { shape, strides } = collapse(
    full,
    operands.map((operand) => operand.strides),
  );
  const collapsed = operands.map((operand, i) => ({ ...operand, strides: strides[i] }));
  const output = collapsed[collapsed.length - 1];
  const axes = shape.map((_, axis) => axis);
  return {
    shape,
    kept: axes.filter((axis) => output.strides[axis] !== 0),
    reduced: axes.filter((axis) => output.strides[axis] === 0),
    inputs: collapsed.slice(0, -1),
    output,
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

/** Bytes behind partial results: whole vectors are read from them. */
const vectorBytes = 16;

/** The largest last axis, in elements, along which the neighbours of a result are summed after all others. */
const shortRun = 16;

/**
 * Whether a result sums short runs of neighbours and other axes, with other results between the runs: channels of a group at all pixels of
 * a picture. Then neighbours that belong to several results fill vectors first, and the runs of their sums follow.
 */
const hasShortRuns = ({ shape, kept, reduced }: Reduction): boolean => {
  const last = shape.length - 1;
  return reduced.length > 1 && reduced.includes(last) && kept.includes(last - 1) && shape[last] < shortRun;
};

/** Sums along all reduced axes but the last one, and the sums of their runs. */
function sumsThenRuns(lowering: Lowering, code: Reduction): Reduction[] {
  const { shape, kept, inputs, output } = code;
  const { dtype } = output;
  const axes = [...kept, shape.length - 1];
  const sizes = axes.map((axis) => shape[axis]);
  const bytes = bytesPerElement(dtype);
  const dense = stridesOf(sizes).map((stride) => stride * bytes);
  const start = lowering.scratch(sizeOf(sizes) * bytes + vectorBytes);
  const along = shape.map((_, axis) => (axes.includes(axis) ? dense[axes.indexOf(axis)] : 0));
  const ofResult = { ...output, strides: axes.map((axis) => output.strides[axis]) };
  return [
    { ...code, ...loopsOf(shape, [...inputs, { dtype, start, strides: along }]) },
    { ...withoutExpression(code), ...loopsOf(sizes, [{ dtype, start, strides: dense }, ofResult]) },
  ];
}

/** A reduction of elements that are stored. */
const withoutExpression = (code: Reduction): Reduction => {
  const { dtype } = code.output;
  return { ...code, node: new ExpressionGraph().input(0, dtype), laneCount: dtype === "float64" ? 2 : 4 };
};

/** A long total is made of partial results, so that threads can share it; their number follows from the shape alone. */
function stagesOf(lowering: Lowering, code: Reduction): Reduction[] {
  const { shape, output } = code;
  const { dtype } = output;
  if (hasShortRuns(code)) return sumsThenRuns(lowering, code);
  if (code.kept.length > 0 || sizeOf(shape) < 2 * partLength) return [code];
  const parts = shape.length > 1 ? [code] : partsOfLine(code);
  const counts = parts.map(({ shape }) => shape[0]);
  const count = counts.reduce((sum, n) => sum + n, 0);
  const bytes = bytesPerElement(dtype);
  const scratch = lowering.scratch(count * bytes + vectorBytes);
  let start = scratch;
  const partial = parts.map((part, i) => {
    const strides = part.shape.map((_, axis) => (axis === 0 ? bytes : 0));
    const stage = { ...part, kept: [0], reduced: part.reduced.slice(1), output: { dtype, start, strides } };
    start += counts[i] * bytes;
    return stage;
  });
  const total: Reduction = {
    ...withoutExpression(code),
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

/** @param results elements of the kernel's result */
function launchReduction(
  lowering: Lowering,
  code: Reduction,
  {
    index,
    costPerElement,
    results,
  }: { readonly index: number; readonly costPerElement: number; readonly results: number },
): void {
  const { shape, kept } = code;
  let workItems = 1;
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    workItems = new ReductionLoops(fn, code).emit();
  });
  // Work items of one row of results are blocks of columns, not rows.
  const span = kept[0] === 0 && shape.length > 1 ? results / workItems : undefined;
  lowering.launch(index, "reduce", workItems, (sizeOf(shape) / workItems) * costPerElement, target, { span });
}
