import type { FunctionBuilder } from "../assembler/functionBuilder.ts";
import { i32, v128 } from "../assembler/opcodes.ts";
import type { ElementFormat } from "./elementFormat.ts";
import { storeTurned } from "./storeTurned.ts";

/** A strided matrix that is copied into panels: `width` neighbours along one axis for every step along the other. */
export interface Packing {
  readonly format: ElementFormat;
  /** Elements of a panel along the packed axis: a whole number of vectors. */
  readonly width: number;
  /** Elements that exist; the rest are zeros. */
  readonly present: number;
  /** Bytes between neighbours along the packed axis, and along the other. */
  readonly across: number;
  readonly along: number;
}

/**
 * Copies `count` steps of one panel: source and target are locals and are moved on.
 *
 * @param count pushes the number of steps
 */
export function emitPackPanel(
  fn: FunctionBuilder,
  packing: Packing,
  source: number,
  target: number,
  count: () => void,
): void {
  const { format, width, along } = packing;
  const counter = fn.local("i32");
  const vectors = Array.from({ length: width / format.count }, () => fn.local("v128"));
  fn.i32(0);
  fn.set(counter);
  if (isTurned(packing)) packFourSteps(fn, packing, { source, target, counter }, count);
  fn.countedLoop(counter, count, 1, () => {
    vectors.forEach((vector, j) => {
      loadPart(fn, packing, source, vector, j);
    });
    vectors.forEach((vector, j) => {
      fn.get(target);
      fn.get(vector);
      fn.memory(v128.store, 16 * j);
    });
    fn.addTo(source, along);
    fn.addTo(target, 16 * vectors.length);
  });
  for (const local of [...vectors, counter]) fn.release(local);
}

/** Whether steps are neighbours in memory and the elements of a step are not: then four steps of four elements are one matrix. */
const isTurned = ({ format, across, along }: Packing): boolean =>
  format.bytes === 4 && along === format.bytes && across !== format.bytes;

/** Copies steps four at a time, by matrices of 4 × 4 numbers that are transposed in registers; fewer than four steps are left. */
function packFourSteps(
  fn: FunctionBuilder,
  { width, present, across }: Packing,
  { source, target, counter }: { readonly source: number; readonly target: number; readonly counter: number },
  count: () => void,
): void {
  const rows = Array.from({ length: 4 }, () => fn.local("v128"));
  const end = (): void => {
    count();
    fn.i32(-4);
    fn.op(i32.and);
  };
  fn.countedLoop(counter, end, 4, () => {
    for (let first = 0; first < width; first += 4) {
      rows.forEach((row, i) => {
        if (first + i < present) fn.memory(v128.load, pushWithOffset(fn, source, (first + i) * across));
        else fn.v128(new Uint8Array(16));
        fn.set(row);
      });
      storeTurned(fn, rows, target, { first: 4 * first, between: 4 * width });
    }
    fn.addTo(source, 16);
    fn.addTo(target, 16 * width);
  });
  for (const row of rows) fn.release(row);
}

/** Vector j of a step: one load where the elements are contiguous, else lane by lane; zeros behind the last element. */
function loadPart(
  fn: FunctionBuilder,
  { format, present, across }: Packing,
  source: number,
  vector: number,
  j: number,
): void {
  const count = Math.max(0, Math.min(format.count, present - j * format.count));
  const first = j * format.count * across;
  if (count === format.count && across === format.bytes) {
    fn.get(source);
    fn.memory(v128.load, first);
    fn.set(vector);
    return;
  }
  fn.v128(new Uint8Array(16));
  fn.set(vector);
  for (let i = 0; i < count; i++) {
    const offset = pushWithOffset(fn, source, first + i * across);
    fn.get(vector);
    fn.memoryLane(format.loadLane, i, offset);
    fn.set(vector);
  }
}

/** Pushes the address some bytes from an address in a local, minus the returned offset, which is unsigned. */
export function pushWithOffset(fn: FunctionBuilder, local: number, distance: number): number {
  fn.get(local);
  if (distance >= 0) return distance;
  fn.i32(distance);
  fn.op(i32.add);
  return 0;
}

/** A constant address, or a local that holds one. */
export type Address = number | { readonly local: number };

/** Pushes an address. */
export function pushAddress(fn: FunctionBuilder, address: Address): void {
  if (typeof address === "number") fn.i32(address);
  else fn.get(address.local);
}

/** base + local·scale into another local. */
export function setScaled(fn: FunctionBuilder, target: number, base: Address, local: number, scale: number): void {
  fn.get(local);
  fn.i32(scale);
  fn.op(i32.mul);
  pushAddress(fn, base);
  fn.op(i32.add);
  fn.set(target);
}
