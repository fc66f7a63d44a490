import type { FunctionBuilder } from "../assembler/index.ts";

/** A local that a kernel walks through memory with: bytes between neighbours along the axes of a loop nest. */
export interface Walker {
  readonly local: number;
  readonly strides: readonly number[];
}

/** Loops over all axes of a shape: walkers move along, and are back at the end. */
export function walk(
  fn: FunctionBuilder,
  shape: readonly number[],
  walkers: readonly Walker[],
  body: () => void,
  axis = 0,
): void {
  if (axis >= shape.length) {
    body();
    return;
  }
  if (shape[axis] === 1) {
    walk(fn, shape, walkers, body, axis + 1);
    return;
  }
  const counter = fn.freshLocal("i32");
  const advance = (count: number): void => {
    for (const { local, strides } of walkers) if (strides[axis] !== 0) fn.addTo(local, strides[axis] * count);
  };
  fn.i32(0);
  fn.set(counter);
  fn.countedLoop(
    counter,
    () => fn.i32(shape[axis]),
    1,
    () => {
      walk(fn, shape, walkers, body, axis + 1);
      advance(1);
    },
  );
  advance(-shape[axis]);
}
