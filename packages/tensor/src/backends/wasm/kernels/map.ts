import { sizeOf } from "../../../array/shape.ts";
import { expressionsOf } from "../../../compiler/expressionsOf.ts";
import type { MapKernel } from "../../../compiler/plan.ts";
import { collapse, wholeView } from "../../../compiler/view.ts";
import type { Node } from "../../../expression/graph.ts";
import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import type { VectorFeatures } from "../features.ts";
import { ConstantPool, KernelBody, type LaneCount, laneCountOf } from "../vector/index.ts";
import type { Lowering } from "./lowering.ts";
import { isGathered, loadOperand, type Operand, operandOf, storeOperand } from "./operand.ts";
import { forWorkItems, nest, Pointers } from "./pointers.ts";

/** Elements of one work item when a kernel is a single long loop that belongs to no block of rows. */
const usualElements = 256;

/** A lowered map. */
interface MapCode {
  readonly nodes: readonly Node[];
  readonly shape: readonly number[];
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  readonly laneCount: LaneCount;
  readonly features: VectorFeatures;
  /** Elements of one work item when the kernel is a single long loop. */
  readonly elementsPerItem: number;
}

/** Lowers a map to loops over collapsed axes, the last of them in vectors. */
export function lowerMap(lowering: Lowering, kernel: MapKernel, index: number): boolean {
  const { shape, inputs, outputs } = kernel;
  if (sizeOf(shape) === 0 || outputs.length === 0) return true;
  const results = outputs.map(({ value }) => value);
  const nodes = expressionsOf(kernel, kernel.equations, results);
  const views = [...inputs.map(({ view }) => view), ...outputs.map(({ buffer }) => wholeView(buffer, shape))];
  const { shape: axes, strides } = collapse(
    shape,
    views.map((view) => view.strides),
  );
  const operands = views.map((view, i) => operandOf(lowering, view, strides[i]));
  const code: MapCode = {
    nodes,
    shape: axes,
    inputs: operands.slice(0, inputs.length),
    outputs: operands.slice(inputs.length),
    laneCount: laneCountOf(nodes),
    features: lowering.features,
    elementsPerItem: lowering.elementsOfBlock(sizeOf(shape)) ?? usualElements,
  };
  const isFlat = axes.length === 1;
  const workItems = isFlat ? Math.ceil(axes[0] / code.elementsPerItem) : axes[0];
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    if (isFlat) emitFlat(fn, code);
    else emitRows(fn, code);
  });
  const perItem = sizeOf(shape) / workItems;
  const cost = perItem * (0.2 + 0.1 * kernel.equations.length);
  lowering.launch(index, "map", workItems, cost, target, { span: isFlat ? code.elementsPerItem : perItem });
  return true;
}

/** A single loop over work items [lo, hi) of many elements. */
function emitFlat(fn: FunctionBuilder, code: MapCode): void {
  const pointers = pointersOf(fn, code);
  const { elementsPerItem } = code;
  const [size] = code.shape;
  const [from, end] = [fn.freshLocal("i32"), fn.freshLocal("i32")];
  fn.get(0);
  fn.i32(elementsPerItem);
  fn.op(i32.mul);
  fn.set(from);
  setEnd(fn, end, code);
  pointers.beginAt(0, 0, elementsPerItem);
  const body = vectorBody(fn, code, pointers);
  // The last vector may reach beyond the end: buffers have room for it, gathered elements do not.
  const isExact = code.inputs.some((operand) => isGathered(operand, 0));
  const whole = isExact ? size - (size % code.laneCount) : size;
  if (isExact) clampEnd(fn, end, whole);
  const forVectors = (vectors: number, limit: number): void => {
    const step = vectors * code.laneCount;
    const write = (): void => {
      body(code.laneCount, vectors);
      pointers.advance(0, step);
    };
    fn.countedLoop(from, () => fn.get(limit), step, write);
  };
  if (code.features.wide) {
    const pairs = fn.freshLocal("i32");
    fn.get(end);
    fn.i32(-2 * code.laneCount);
    fn.op(i32.and);
    fn.set(pairs);
    forVectors(2, pairs);
  }
  forVectors(1, end);
  if (whole === size) return;
  fn.get(1);
  fn.i32(Math.ceil(size / elementsPerItem));
  fn.op(i32.eq);
  fn.if(() => body(size - whole));
}

/** end = min(hi · elements per work item, size). */
function setEnd(fn: FunctionBuilder, end: number, { elementsPerItem, shape: [size] }: MapCode): void {
  fn.get(1);
  fn.i32(elementsPerItem);
  fn.op(i32.mul);
  fn.set(end);
  clampEnd(fn, end, size);
}

function clampEnd(fn: FunctionBuilder, end: number, size: number): void {
  fn.get(end);
  fn.i32(size);
  fn.get(end);
  fn.i32(size);
  fn.op(i32.ltU);
  fn.select();
  fn.set(end);
}

/** Work items are rows: inside, loops over the other axes and vectors along the last. */
function emitRows(fn: FunctionBuilder, code: MapCode): void {
  const pointers = pointersOf(fn, code);
  const last = code.shape.length - 1;
  const middle = code.shape.map((_, axis) => axis).slice(1, last);
  const body = vectorBody(fn, code, pointers);
  forWorkItems(fn, pointers, 0, 1, () => {
    nest(fn, pointers, code.shape, middle, () => emitVectors(fn, code, pointers, last, body));
  });
}

function emitVectors(
  fn: FunctionBuilder,
  { shape, laneCount, features }: MapCode,
  pointers: Pointers,
  last: number,
  body: VectorBody,
): void {
  const size = shape[last];
  let done = 0;
  const forVectors = (vectors: number): void => {
    const step = vectors * laneCount;
    const rounds = Math.floor((size - done) / step);
    const write = (): void => {
      body(laneCount, vectors);
      pointers.advance(last, step);
    };
    if (rounds === 1) write();
    else if (rounds > 1) {
      const round = fn.freshLocal("i32");
      fn.i32(0);
      fn.set(round);
      fn.countedLoop(round, () => fn.i32(rounds), 1, write);
    }
    done += rounds * step;
  };
  if (features.wide) forVectors(2);
  forVectors(1);
  if (size > done) body(size - done);
  pointers.advance(last, -done);
}

/** Creates all pointers before they are set. */
function pointersOf(fn: FunctionBuilder, { inputs, outputs }: MapCode): Pointers {
  const pointers = new Pointers(fn);
  for (const operand of [...inputs, ...outputs]) pointers.place(operand);
  return pointers;
}

/** Writes some neighbouring vectors, of which `count` elements of each exist. */
type VectorBody = (count: number, vectors?: number) => void;

/** All loads, the arithmetic, then all stores with neighbours side by side, so that an engine may pair them. */
function vectorBody(fn: FunctionBuilder, code: MapCode, pointers: Pointers): VectorBody {
  const { nodes, inputs, outputs, laneCount, features, shape } = code;
  const axis = shape.length - 1;
  const constants = new ConstantPool(fn);
  const bodies = [0, 1].map(() => new KernelBody(fn, nodes, { fma: features.fma, constants, laneCount }));
  return (count, vectors = 1) => {
    const used = bodies.slice(0, vectors);
    used.forEach((arithmetic, i) => {
      const place = { axis, laneCount, count, shift: i * laneCount };
      arithmetic.load((input) => loadOperand(fn, pointers, inputs[input], place));
    });
    const results = used.map((arithmetic) => arithmetic.results());
    outputs.forEach((operand, output) => {
      results.forEach((vector, i) => {
        const place = { axis, laneCount, count: isOpenEnded(code) ? laneCount : count, shift: i * laneCount };
        storeOperand(fn, pointers, operand, place, vector[output]);
      });
    });
    for (const local of results.flat()) fn.release(local);
  };
}

/** A single loop ends at the end of its buffers, which have room behind them. */
const isOpenEnded = ({ shape }: MapCode): boolean => shape.length === 1;
