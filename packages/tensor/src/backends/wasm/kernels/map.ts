import type { MapKernel } from "../../../compiler/plan.ts";
import { collapse, wholeView } from "../../../compiler/view.ts";
import type { Node } from "../../../expression/graph.ts";
import { sizeOf } from "../../../shape.ts";
import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import { ConstantPool, KernelBody, type LaneCount, laneCount, storeLanes, storeVector } from "../vector/index.ts";
import { expressionsOf } from "./expression.ts";
import type { Lowering } from "./launch.ts";
import { isGathered, loadOperand, nest, type Operand, operandOf, Pointers } from "./operand.ts";

/** Elements of one unit when a kernel is a single long loop. */
const unitElements = 256;

/** What a map's code is made of. */
interface MapCode {
  readonly nodes: readonly Node[];
  readonly shape: readonly number[];
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  readonly lanes: LaneCount;
  readonly fma: boolean;
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
    lanes: laneCount(nodes),
    fma: lowering.fma,
  };
  const isFlat = axes.length === 1;
  const units = isFlat ? Math.ceil(axes[0] / unitElements) : axes[0];
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    if (isFlat) emitFlat(fn, code);
    else emitRows(fn, code);
  });
  lowering.launch(index, "map", units, (sizeOf(shape) / units) * (0.2 + 0.1 * kernel.equations.length), target);
  return true;
}

/** A single loop over units [lo, hi) of many elements. */
function emitFlat(fn: FunctionBuilder, code: MapCode): void {
  const pointers = pointersOf(fn, code);
  const [size] = code.shape;
  const [from, end] = [fn.freshLocal("i32"), fn.freshLocal("i32")];
  fn.get(0);
  fn.i32(unitElements);
  fn.op(i32.mul);
  fn.set(from);
  setEnd(fn, end, size);
  pointers.beginAt(0, 0, unitElements);
  const body = vectorBody(fn, code, pointers);
  // The last vector may reach beyond the end: buffers have room for it. What is gathered has not.
  const isExact = code.inputs.some((operand) => isGathered(operand, 0));
  const whole = isExact ? size - (size % code.lanes) : size;
  if (isExact) clampEnd(fn, end, whole);
  fn.countedLoop(
    from,
    () => fn.get(end),
    code.lanes,
    () => {
      body(code.lanes);
      pointers.advance(0, code.lanes);
    },
  );
  if (whole === size) return;
  fn.get(1);
  fn.i32(Math.ceil(size / unitElements));
  fn.op(i32.eq);
  fn.if(() => body(size - whole));
}

/** end = min(hi · unit, size). */
function setEnd(fn: FunctionBuilder, end: number, size: number): void {
  fn.get(1);
  fn.i32(unitElements);
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

/** Units are rows: inside, loops over the other axes and vectors along the last. */
function emitRows(fn: FunctionBuilder, code: MapCode): void {
  const pointers = pointersOf(fn, code);
  const last = code.shape.length - 1;
  const row = fn.freshLocal("i32");
  const middle = code.shape.map((_, axis) => axis).slice(1, last);
  const body = vectorBody(fn, code, pointers);
  fn.get(0);
  fn.set(row);
  pointers.beginAt(0, 0, 1);
  fn.countedLoop(
    row,
    () => fn.get(1),
    1,
    () => {
      nest(fn, pointers, code.shape, middle, () => emitVectors(fn, code, pointers, last, body));
      pointers.advance(0, 1);
    },
  );
}

function emitVectors(
  fn: FunctionBuilder,
  { shape, lanes }: MapCode,
  pointers: Pointers,
  last: number,
  body: (count: number) => void,
): void {
  const whole = shape[last] - (shape[last] % lanes);
  const column = fn.freshLocal("i32");
  if (whole > lanes) {
    fn.i32(0);
    fn.set(column);
    fn.countedLoop(
      column,
      () => fn.i32(whole),
      lanes,
      () => {
        body(lanes);
        pointers.advance(last, lanes);
      },
    );
  } else if (whole > 0) {
    body(lanes);
    pointers.advance(last, lanes);
  }
  if (shape[last] > whole) body(shape[last] - whole);
  pointers.advance(last, -whole);
}

/** Finds out which pointers there are before they are set. */
function pointersOf(fn: FunctionBuilder, { inputs, outputs }: MapCode): Pointers {
  const pointers = new Pointers(fn);
  for (const operand of [...inputs, ...outputs]) pointers.place(operand);
  return pointers;
}

/** One vector: all loads, the arithmetic, then all stores, so that an engine may pair neighbours. */
function vectorBody(fn: FunctionBuilder, code: MapCode, pointers: Pointers): (count: number) => void {
  const { nodes, inputs, outputs, lanes, fma, shape } = code;
  const axis = shape.length - 1;
  const arithmetic = new KernelBody(fn, nodes, { fma, constants: new ConstantPool(fn), lanes });
  return (count) => {
    const load = (input: number): void => loadOperand(fn, pointers, inputs[input], { axis, lanes, count });
    const results = arithmetic.emit(load);
    outputs.forEach((operand, i) => {
      const place = { dtype: operand.dtype, lanes, ...pointers.place(operand) };
      if (count === lanes || isOpenEnded(code)) storeVector(fn, place, results[i]);
      else storeLanes(fn, place, results[i], count);
    });
    for (const local of results) fn.release(local);
  };
}

/** A single loop ends where its buffers do: behind them is room. */
const isOpenEnded = ({ shape }: MapCode): boolean => shape.length === 1;
