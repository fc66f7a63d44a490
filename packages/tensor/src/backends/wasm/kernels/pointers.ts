import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import type { Operand } from "./operand.ts";
import { type Walker, walk } from "./walk.ts";

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
