import type { MoveKernel } from "../../../compiler/plan.ts";
import { collapse, type Iteration, wholeView } from "../../../compiler/view.ts";
import type { ScatterAddParams } from "../../../primitives/indexing.ts";
import { sizeOf } from "../../../shape.ts";
import { type FunctionBuilder, v128 } from "../assembler/index.ts";
import { type Box, withoutFirst } from "./copy.ts";
import { type Lane, lanes } from "./lane.ts";
import type { Lowering } from "./launch.ts";
import { operandViews } from "./operand.ts";
import { setScaled } from "./pack.ts";
import { emitPick } from "./pick.ts";
import { forUnitSize, lowerUnits, lowerZeros, type Walker, walk } from "./units.ts";

/** Columns of one unit where a single matrix is added to. */
const unitColumns = 64;

/** What the code is made of; strides in bytes. */
interface Scatter {
  readonly lane: Lane;
  readonly starts: readonly number[];
  /** Strides of updates, indices and result along B, of the first two along K. */
  readonly batch: Iteration;
  readonly picks: Iteration;
  /** R: from updates to the result. */
  readonly box: Box;
  /** The axis that is written to, and bytes between its elements. */
  readonly size: number;
  readonly stride: number;
}

/**
 * Lowers updates [...B, ...K, ...R], indices [...B, ...K] → [...B, size, ...R]. Updates are added in the order of their indices;
 * units are what no two of them share: a matrix of the batch, or some columns of R.
 */
export function lowerScatterAdd(lowering: Lowering, kernel: MoveKernel, index: number): void {
  const [{ value, buffer }] = kernel.outputs;
  const lane = lanes[buffer.dtype as keyof typeof lanes];
  if (value.size === 0) return;
  lowerZeros(lowering, index, lowering.addressOf(buffer), value.size * lane.bytes);
  if (sizeOf(operandViews(kernel)[0].shape) === 0) return;
  const code = scatterOf(lowering, kernel, lane);
  const { batch, picks, box } = code;
  const work = 2 * sizeOf(picks.shape) * (1 + sizeOf(box.shape) / lane.count);
  const launch = (units: number): Parameters<typeof lowerUnits>[1] => ({
    kernel: index,
    name: "scatterAdd",
    units,
    cost: (sizeOf(batch.shape) * work) / units,
  });
  if (sizeOf(batch.shape) > 1) {
    lowerUnits(lowering, launch(batch.shape[0]), (fn, unit) => {
      const walkers = startAt(
        fn,
        code,
        unit,
        batch.strides.map(([first]) => first),
      );
      const inner = walkers.map((local, i): Walker => ({ local, strides: batch.strides[i].slice(1) }));
      walk(fn, batch.shape.slice(1), inner, () => emitMatrix(fn, code, walkers, box));
    });
    return;
  }
  const isFlat = box.shape.length === 1;
  const perUnit = isFlat ? unitColumns : 1;
  lowerUnits(lowering, launch(Math.ceil(box.shape[0] / perUnit)), (fn, unit) => {
    const walkers = startAt(fn, code, unit, [box.from[0] * perUnit, 0, box.to[0] * perUnit]);
    if (!isFlat) emitMatrix(fn, code, walkers, withoutFirst(box));
    else {
      forUnitSize(fn, unit, { size: box.shape[0], perUnit }, (count) =>
        emitMatrix(fn, code, walkers, { ...box, shape: [count] }),
      );
    }
  });
}

function scatterOf(lowering: Lowering, kernel: MoveKernel, lane: Lane): Scatter {
  const [updates, indices] = operandViews(kernel);
  const [{ value, buffer }] = kernel.outputs;
  const { batchAxes, size } = kernel.equations[0].params as ScatterAddParams;
  const out = wholeView(buffer, value.shape);
  const picks = indices.shape.length;
  const inBytes = ({ shape, strides }: Iteration, sides: readonly number[]): Iteration => ({
    shape,
    strides: strides.map((own, i) => own.map((stride) => stride * sides[i])),
  });
  const along = (from: number, to: number | undefined, views: readonly (readonly number[])[]): Iteration =>
    collapse(
      updates.shape.slice(from, to),
      views.map((strides) => strides.slice(from, to)),
    );
  const rest = inBytes(
    collapse(updates.shape.slice(picks), [updates.strides.slice(picks), out.strides.slice(batchAxes + 1)]),
    [lane.bytes, lane.bytes],
  );
  return {
    lane,
    starts: [updates, indices, out].map((view) => lowering.startOf(view)),
    batch: inBytes(along(0, batchAxes, [updates.strides, indices.strides, out.strides]), [lane.bytes, 4, lane.bytes]),
    picks: inBytes(along(batchAxes, picks, [updates.strides, indices.strides]), [lane.bytes, 4]),
    box: { bytes: lane.bytes, shape: rest.shape, from: rest.strides[0], to: rest.strides[1] },
    size,
    stride: out.strides[batchAxes] * lane.bytes,
  };
}

/** Locals with the addresses of updates, indices and result where a unit begins. */
const startAt = (fn: FunctionBuilder, { starts }: Scatter, unit: number, strides: readonly number[]): number[] =>
  starts.map((start, i) => {
    const local = fn.local("i32");
    setScaled(fn, local, start, unit, strides[i]);
    return local;
  });

/** Adds a box for every index. */
function emitMatrix(
  fn: FunctionBuilder,
  { picks, size, stride, lane }: Scatter,
  [from, at, base]: readonly number[],
  box: Box,
): void {
  const to = fn.local("i32");
  const walkers = [from, at].map((local, i): Walker => ({ local, strides: picks.strides[i] }));
  walk(fn, picks.shape, walkers, () => {
    emitPick(fn, to, base, { at, size, stride });
    emitAdd(fn, lane, box, from, to);
  });
  fn.release(to);
}

/** Adds a box to another: vectors along a run of neighbours, else one by one. */
function emitAdd(
  fn: FunctionBuilder,
  lane: Lane,
  { bytes, shape, from, to }: Box,
  source: number,
  target: number,
): void {
  const last = shape.length - 1;
  const isRun = from[last] === bytes && to[last] === bytes;
  const outer = isRun ? shape.slice(0, -1) : shape;
  const walkersOf = (froms: readonly number[], tos: readonly number[]): Walker[] => [
    { local: source, strides: froms },
    { local: target, strides: tos },
  ];
  const one = (offset: number): void => {
    fn.get(target);
    for (const local of [source, target]) {
      fn.get(local);
      fn.memory(lane.splatLoad, offset);
    }
    fn.op(lane.add);
    fn.memoryLane(lane.storeLane, 0, offset);
  };
  walk(fn, outer, walkersOf(from, to), () => {
    if (!isRun) {
      one(0);
      return;
    }
    const vectors = Math.floor(shape[last] / lane.count);
    if (vectors > 0) walk(fn, [vectors], walkersOf([16], [16]), () => emitAddVector(fn, lane, source, target));
    for (let i = vectors * lane.count; i < shape[last]; i++) one(i * bytes);
  });
}

function emitAddVector(fn: FunctionBuilder, lane: Lane, source: number, target: number): void {
  fn.get(target);
  for (const local of [source, target]) {
    fn.get(local);
    fn.memory(v128.load);
  }
  fn.op(lane.add);
  fn.memory(v128.store);
}
