import { bytesPerElement, type DType } from "../../../array/dtype.ts";
import type { Kernel } from "../../../compiler/plan.ts";
import type { View } from "../../../compiler/view.ts";
import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import { type LaneCount, loadGathered, loadSplat, loadVector } from "../vector/index.ts";
import type { Lowering } from "./launch.ts";
import { type Walker, walk } from "./walk.ts";

/** Something a kernel walks over: where it starts and how far its neighbours are, in bytes, along the collapsed axes. */
export interface Operand {
  readonly dtype: DType;
  readonly start: number;
  readonly strides: readonly number[];
}

/** A view's place, with the strides of collapsed axes in elements. */
export function operandOf(lowering: Lowering, view: View, strides: readonly number[]): Operand {
  const bytes = bytesPerElement(view.buffer.dtype);
  return { dtype: view.buffer.dtype, start: lowering.startOf(view), strides: strides.map((stride) => stride * bytes) };
}

/** Where the operands of a kernel's first equation are, in their order. */
export const operandViews = ({ equations, inputs }: Pick<Kernel, "equations" | "inputs">): View[] =>
  equations[0].operands.map((x) => inputs.find(({ value }) => value === x)!.view);

/** Pointers of a kernel: operands that move alike share one, and differ by a constant. */
export class Pointers {
  private readonly fn: FunctionBuilder;
  private readonly pointers: {
    readonly key: string;
    readonly local: number;
    readonly strides: readonly number[];
    readonly start: number;
  }[] = [];

  constructor(fn: FunctionBuilder) {
    this.fn = fn;
  }

  /** Where an operand is: the pointer's local and a constant offset. */
  place({ start, strides }: Operand): { readonly address: number; readonly offset: number } {
    // An address is unsigned: a pointer that runs backwards must be the address itself.
    const isBackward = strides.some((stride) => stride < 0);
    const key = isBackward ? `${start}:${strides}` : `${strides}`;
    let pointer = this.pointers.find((other) => other.key === key);
    if (!pointer) {
      pointer = { key, local: this.fn.freshLocal("i32"), strides, start: isBackward ? start : 0 };
      this.pointers.push(pointer);
    }
    return { address: pointer.local, offset: isBackward ? 0 : start };
  }

  /** Sets all pointers to index `from` (a local) · scale along an axis. */
  beginAt(axis: number, from: number, scale: number): void {
    for (const { local, strides, start } of this.pointers) {
      this.fn.get(from);
      this.fn.i32(strides[axis] * scale);
      this.fn.op(i32.mul);
      this.fn.i32(start);
      this.fn.op(i32.add);
      this.fn.set(local);
    }
  }

  /** All pointers, as walkers along some axes. */
  along(axes: readonly number[]): Walker[] {
    return this.pointers.map(({ local, strides }) => ({ local, strides: axes.map((axis) => strides[axis]) }));
  }

  /** Moves all pointers by `count` steps along an axis. */
  advance(axis: number, count: number): void {
    for (const { local, strides } of this.pointers) {
      const step = strides[axis] * count;
      if (step !== 0) this.fn.addTo(local, step);
    }
  }
}

/** Which vector of an operand: neighbours along an axis, of which `count` exist; lanes behind them are arbitrary. */
export interface VectorPlace {
  readonly axis: number;
  readonly laneCount: LaneCount;
  readonly count: number;
  /** Elements from the pointer to the first of them; default 0. */
  readonly shift?: number;
}

/** Whether neighbours along an axis are neither neighbours in memory nor one element. */
export const isGathered = ({ strides, dtype }: Operand, axis: number): boolean =>
  strides[axis] !== 0 && strides[axis] !== bytesPerElement(dtype);

/** Pushes a vector of an operand. */
export function loadOperand(fn: FunctionBuilder, pointers: Pointers, operand: Operand, place: VectorPlace): void {
  const { axis, laneCount, count, shift = 0 } = place;
  const { dtype, strides } = operand;
  const stride = strides[axis];
  const { address, offset } = pointers.place(operand);
  if (stride === 0) loadSplat(fn, { dtype, address, offset });
  else if (!isGathered(operand, axis)) loadVector(fn, { dtype, laneCount, address, offset: offset + shift * stride });
  else {
    loadGathered(fn, { dtype, laneCount }, count, (lane) => {
      const distance = stride * (shift + lane);
      fn.get(address);
      // Backward neighbours lie before the pointer: the step is part of the address, not of the unsigned offset.
      if (distance + offset >= 0) return distance + offset;
      fn.i32(distance);
      fn.op(i32.add);
      return offset;
    });
  }
}

/** Loops over some axes of a shape: pointers move along, and are back at the end. */
export const nest = (
  fn: FunctionBuilder,
  pointers: Pointers,
  shape: readonly number[],
  axes: readonly number[],
  body: () => void,
): void =>
  walk(
    fn,
    axes.map((axis) => shape[axis]),
    pointers.along(axes),
    body,
  );

/** Runs `body` for work items [lo, hi), the first two parameters, of `size` elements along an axis, with all pointers in place. */
export function forWorkItems(
  fn: FunctionBuilder,
  pointers: Pointers,
  axis: number,
  size: number,
  body: (workItem: number) => void,
): void {
  const workItem = fn.freshLocal("i32");
  fn.get(0);
  fn.set(workItem);
  pointers.beginAt(axis, 0, size);
  const step = (): void => {
    body(workItem);
    pointers.advance(axis, size);
  };
  fn.countedLoop(workItem, () => fn.get(1), 1, step);
}

/** Runs `body` along an axis in steps, from where the pointers are, and leaves them at the end. */
export function forSteps(
  fn: FunctionBuilder,
  pointers: Pointers,
  axis: number,
  { from = 0, to, step }: { readonly from?: number; readonly to: number; readonly step: number },
  body: () => void,
): void {
  const counter = fn.freshLocal("i32");
  fn.i32(from);
  fn.set(counter);
  const move = (): void => {
    body();
    pointers.advance(axis, step);
  };
  fn.countedLoop(counter, () => fn.i32(to), step, move);
}
