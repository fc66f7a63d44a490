import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import { addScaledTo, setMinimum } from "./localArithmetic.ts";
import type { Address } from "./pack.ts";
import type { WindowProduct } from "./windowProduct.ts";

/** Bytes of zeros that rows and columns beside a picture read: as many as a step of a tile has. */
export const zeroBytes = 64;

/** One tile of windows that is packed: addresses and numbers in locals. */
export interface WindowTile {
  readonly a: Address;
  /** Address of the zeros. */
  readonly zeros: number;
  /** First step; the number of steps is static. */
  readonly start: number;
  readonly steps: number;
  /** Moved behind the last step. */
  readonly target: number;
  readonly group: number;
  /** Number of the tile in its group. */
  readonly inGroup: number;
  readonly rows: number;
}

/** Pushes whether a row (axis 0) or column (axis 1) lies in the picture. */
export function pushIsInside(fn: FunctionBuilder, { picture }: WindowProduct, axis: 0 | 1, local: number): void {
  // A negative number is a large one without sign.
  fn.get(local);
  fn.i32(axis === 0 ? picture.h : picture.w);
  fn.op(i32.ltU);
}

/** Pushes the bytes from the first row or column to that in a local. */
export function pushDistance(fn: FunctionBuilder, { picture }: WindowProduct, axis: 0 | 1, local: number): void {
  const { row, column } = picture.strides;
  fn.get(local);
  fn.i32(axis === 0 ? row : column);
  fn.op(i32.mul);
}

/** Sets an address to that of a column of a row of a picture, or to that of zeros beside the picture. */
export function setAddress(
  fn: FunctionBuilder,
  product: WindowProduct,
  { zeros }: WindowTile,
  address: number,
  row: { readonly start: number; readonly column: number; readonly isInside: number },
): void {
  fn.get(row.start);
  pushDistance(fn, product, 1, row.column);
  fn.op(i32.add);
  fn.get(zeros);
  pushIsInside(fn, product, 1, row.column);
  fn.get(row.isInside);
  fn.op(i32.and);
  fn.select();
  fn.set(address);
}

/** Splits the steps from start into runs along the innermost axis; `body` gets locals with the run's first step and its length. */
export function inRuns(
  fn: FunctionBuilder,
  { start, steps }: WindowTile,
  innermost: number,
  body: (step: number, run: number) => void,
): void {
  const [step, stop, run] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
  fn.get(start);
  fn.tee(step);
  fn.i32(steps);
  fn.op(i32.add);
  fn.set(stop);
  fn.loop((again) => {
    setMinimum(
      fn,
      run,
      () => {
        fn.i32(innermost);
        fn.get(step);
        fn.i32(innermost);
        fn.op(i32.remU);
        fn.op(i32.sub);
      },
      () => {
        fn.get(stop);
        fn.get(step);
        fn.op(i32.sub);
      },
    );
    body(step, run);
    addScaledTo(fn, step, run, 1);
    fn.get(step);
    fn.get(stop);
    fn.op(i32.ltU);
    fn.brIf(again);
  });
}
