import type { ReduceKernel } from "../../../compiler/plan.ts";
import { collapse, type View } from "../../../compiler/view.ts";
import { bytesPerElement, type DType } from "../../../dtype.ts";
import type { Node } from "../../../expression/graph.ts";
import { sizeOf, stridesOf } from "../../../shape.ts";
import { type FunctionBuilder, f32x4, f64x2, i32, i32x4, type Opcode, v128 } from "../assembler/index.ts";
import { ConstantPool, emitNodes, type LaneCount, laneCount, storeLanes, storeVector } from "../vector/index.ts";
import { expressionsOf } from "./expression.ts";
import type { Lowering } from "./launch.ts";
import { loadOperand, nest, type Operand, operandOf, Pointers } from "./operand.ts";

type Combiner = Exclude<ReduceKernel["combiner"], "argmax">;

/** How vectors of a dtype are combined, and what an accumulator starts from. */
const combiners: Readonly<
  Record<Combiner, Readonly<Partial<Record<DType, { readonly op: Opcode; readonly start: number }>>>>
> = {
  sum: {
    float32: { op: f32x4.add, start: 0 },
    float64: { op: f64x2.add, start: 0 },
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
interface ReduceCode {
  readonly node: Node;
  readonly dtype: DType;
  readonly op: Opcode;
  readonly start: number;
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
 * @returns false for an argmax, which keeps its reference loop
 */
export function lowerReduce(lowering: Lowering, kernel: ReduceKernel, index: number): boolean {
  const { combiner, shape, inputs, equations, outputs } = kernel;
  const reduction = equations[equations.length - 1];
  const { dtype } = outputs[0].buffer;
  const how = combiner === "argmax" ? undefined : combiners[combiner][dtype];
  if (!how || sizeOf(shape) === 0) return false;
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
  const last = axes.length - 1;
  const isColumns = code.kept.includes(last);
  const units =
    code.kept.length === 0
      ? 1
      : isColumns && code.kept.length === 1
        ? Math.ceil(code.shape[last] / code.lanes)
        : code.shape[code.kept[0]];
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    if (isColumns) emitColumns(fn, code, last);
    else emitRows(fn, code, last);
  });
  lowering.launch(index, "reduce", units, (sizeOf(shape) / units) * (0.2 + 0.1 * equations.length), target);
  return true;
}

/** Runs `body` for units [lo, hi) along an axis, with all pointers in place. */
function forUnits(fn: FunctionBuilder, pointers: Pointers, axis: number, size: number, body: () => void): void {
  const unit = fn.freshLocal("i32");
  fn.get(0);
  fn.set(unit);
  pointers.beginAt(axis, 0, size);
  fn.countedLoop(
    unit,
    () => fn.get(1),
    1,
    () => {
      body();
      pointers.advance(axis, size);
    },
  );
}

/** The last axis is kept: vectors along it, and loops over reduced axes inside. */
function emitColumns(fn: FunctionBuilder, code: ReduceCode, last: number): void {
  const { shape, kept, lanes } = code;
  const pointers = pointersOf(fn, code);
  const column = columnBody(fn, code, pointers, last);
  const outer = kept.filter((axis) => axis !== last);
  if (outer.length === 0) {
    // The last vector may reach beyond the end, as buffers have room: a gather may not, and takes lanes that exist.
    const tail = shape[last] % lanes;
    const isExact =
      tail !== 0 &&
      code.inputs.some(({ strides, dtype }) => strides[last] !== 0 && strides[last] !== bytesPerElement(dtype));
    if (!isExact) {
      forUnits(fn, pointers, last, lanes, () => column(lanes));
      return;
    }
    const unit = fn.freshLocal("i32");
    fn.get(0);
    fn.set(unit);
    pointers.beginAt(last, 0, lanes);
    fn.countedLoop(
      unit,
      () => fn.get(1),
      1,
      () => {
        fn.get(unit);
        fn.i32(Math.floor(shape[last] / lanes));
        fn.op(i32.eq);
        fn.if(
          () => column(tail),
          () => column(lanes),
        );
        pointers.advance(last, lanes);
      },
    );
    return;
  }
  forUnits(fn, pointers, outer[0], 1, () => {
    nest(fn, pointers, shape, outer.slice(1), () => {
      const whole = shape[last] - (shape[last] % lanes);
      const counter = fn.freshLocal("i32");
      fn.i32(0);
      fn.set(counter);
      fn.countedLoop(
        counter,
        () => fn.i32(whole),
        lanes,
        () => {
          column(lanes);
          pointers.advance(last, lanes);
        },
      );
      if (shape[last] > whole) column(shape[last] - whole);
      pointers.advance(last, -whole);
    });
  });
}

/** One vector of results. */
function columnBody(fn: FunctionBuilder, code: ReduceCode, pointers: Pointers, last: number): (count: number) => void {
  const { output, lanes, reduced, shape, dtype } = code;
  const constants = new ConstantPool(fn);
  const accumulator = fn.freshLocal("v128");
  return (count) => {
    setStart(fn, code, accumulator);
    nest(fn, pointers, shape, reduced, () => accumulate(fn, code, pointers, constants, last, count, accumulator));
    const place = { dtype, lanes, ...pointers.place(output) };
    if (count === lanes) storeVector(fn, place, accumulator);
    else storeLanes(fn, place, accumulator, count);
  };
}

/** accumulator = accumulator ∘ expression. */
function accumulate(
  fn: FunctionBuilder,
  { node, inputs, lanes, fma, op }: ReduceCode,
  pointers: Pointers,
  constants: ConstantPool,
  axis: number,
  count: number,
  accumulator: number,
): void {
  const load = (input: number): void => loadOperand(fn, pointers, inputs[input], axis, lanes, count);
  const [value] = emitNodes(fn, [node], load, { fma, constants, lanes });
  fn.get(accumulator);
  fn.get(value);
  fn.op(op);
  fn.set(accumulator);
  fn.release(value);
}

/** The last axis is reduced: vectors along it, added up at the end of each result. */
function emitRows(fn: FunctionBuilder, code: ReduceCode, last: number): void {
  const { shape, kept, reduced, lanes, dtype, output } = code;
  const pointers = pointersOf(fn, code);
  const constants = new ConstantPool(fn);
  const accumulator = fn.freshLocal("v128");
  const whole = shape[last] - (shape[last] % lanes);
  const counter = fn.freshLocal("i32");
  const row = (): void => {
    setStart(fn, code, accumulator);
    nest(
      fn,
      pointers,
      shape,
      reduced.filter((axis) => axis !== last),
      () => {
        fn.i32(0);
        fn.set(counter);
        fn.countedLoop(
          counter,
          () => fn.i32(whole),
          lanes,
          () => {
            accumulate(fn, code, pointers, constants, last, lanes, accumulator);
            pointers.advance(last, lanes);
          },
        );
        if (shape[last] > whole) accumulateTail(fn, code, pointers, constants, last, shape[last] - whole, accumulator);
        pointers.advance(last, -whole);
      },
    );
    combineLanes(fn, code, accumulator);
    storeLanes(fn, { dtype, lanes, ...pointers.place(output) }, accumulator, 1);
  };
  if (kept.length === 0) {
    pointers.beginAt(last, 0, 0);
    row();
  } else forUnits(fn, pointers, kept[0], 1, () => nest(fn, pointers, shape, kept.slice(1), row));
}

/** Lanes behind the end keep what they have. */
function accumulateTail(
  fn: FunctionBuilder,
  code: ReduceCode,
  pointers: Pointers,
  constants: ConstantPool,
  axis: number,
  count: number,
  accumulator: number,
): void {
  const before = fn.local("v128");
  fn.get(accumulator);
  fn.set(before);
  accumulate(fn, code, pointers, constants, axis, count, accumulator);
  const width = 16 / code.lanes;
  const bytes = bytesPerElement(code.dtype);
  fn.get(accumulator);
  fn.get(before);
  fn.v128(Uint8Array.from({ length: 16 }, (_, i) => (Math.floor(i / Math.min(width, bytes)) < count ? 255 : 0)));
  fn.op(v128.bitselect);
  fn.set(accumulator);
  fn.release(before);
}

/** The combination of all lanes into the first. */
function combineLanes(fn: FunctionBuilder, { lanes, op, dtype }: ReduceCode, accumulator: number): void {
  const bytes = bytesPerElement(dtype);
  for (let distance = lanes / 2; distance >= 1; distance /= 2) {
    fn.get(accumulator);
    fn.get(accumulator);
    fn.get(accumulator);
    fn.shuffle(Uint8Array.from({ length: 16 }, (_, i) => (i + distance * bytes) % 16));
    fn.op(op);
    fn.set(accumulator);
  }
}

function setStart(fn: FunctionBuilder, { dtype, start }: ReduceCode, accumulator: number): void {
  const bytes = dtype === "float64" ? new Uint8Array(Float64Array.of(start, start).buffer) : undefined;
  const narrow =
    dtype === "float32" ? Float32Array.of(start, start, start, start) : Int32Array.of(start, start, start, start);
  fn.v128(bytes ?? new Uint8Array(narrow.buffer));
  fn.set(accumulator);
}

function pointersOf(fn: FunctionBuilder, { inputs, output }: ReduceCode): Pointers {
  const pointers = new Pointers(fn);
  for (const operand of [...inputs, output]) pointers.place(operand);
  return pointers;
}
