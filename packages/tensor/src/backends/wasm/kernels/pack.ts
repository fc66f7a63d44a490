import type { FunctionBuilder } from "../assembler/functionBuilder.ts";
import { i32, v128 } from "../assembler/opcodes.ts";
import type { ElementFormat } from "./elementFormat.ts";

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
