import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import type { Lowering } from "./launch.ts";

/** A local that a kernel walks through memory with: bytes between neighbours along the axes of a loop nest. */
export interface Walker {
  readonly local: number;
  readonly strides: readonly number[];
}

/** Adds a kernel function whose body runs once for each of its units, with the unit in a local. */
export function lowerUnits(
  lowering: Lowering,
  launch: { readonly kernel: number; readonly name: string; readonly units: number; readonly cost: number },
  body: (fn: FunctionBuilder, unit: number) => void,
): void {
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    const unit = fn.freshLocal("i32");
    fn.get(0);
    fn.set(unit);
    fn.countedLoop(
      unit,
      () => fn.get(1),
      1,
      () => body(fn, unit),
    );
  });
  lowering.launch(launch.kernel, launch.name, launch.units, launch.cost, target);
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

/** Runs `body` with the size of a unit: `unit` elements, but `size % unit` of them in the last of all where that is not 0. */
export function forUnitSize(
  fn: FunctionBuilder,
  unit: number,
  { size, perUnit }: { readonly size: number; readonly perUnit: number },
  body: (count: number) => void,
): void {
  const [whole, left] = [Math.floor(size / perUnit), size % perUnit];
  if (left === 0 || whole === 0) {
    body(left === 0 ? perUnit : left);
    return;
  }
  fn.get(unit);
  fn.i32(whole);
  fn.op(i32.ltU);
  fn.if(
    () => body(perUnit),
    () => body(left),
  );
}

/** Bytes that one unit sets to zero. */
const fillBytes = 65_536;

/** Sets a range of memory to zero. */
export function lowerZeros(lowering: Lowering, kernel: number, address: number, bytes: number): void {
  const units = Math.ceil(bytes / fillBytes);
  lowerUnits(lowering, { kernel, name: "zeros", units, cost: Math.min(bytes, fillBytes) / 16 }, (fn, unit) => {
    forUnitSize(fn, unit, { size: bytes, perUnit: fillBytes }, (count) => {
      fn.get(unit);
      fn.i32(fillBytes);
      fn.op(i32.mul);
      fn.i32(address);
      fn.op(i32.add);
      fn.i32(0);
      fn.i32(count);
      fn.memoryFill();
    });
  });
}
