import { bytesPerElement, type DType } from "../../../array/dtype.ts";
import { type FunctionBuilder, i8x16, i16x8, i32x4, i64x2, type Opcode, v128 } from "../assembler/index.ts";
import type { LaneCount } from "./lanes.ts";

/** Where a vector lies in memory: the address in a local plus an offset in bytes. */
export interface Place {
  readonly dtype: DType;
  readonly laneCount: LaneCount;
  /** Local that holds the address. */
  readonly address: number;
  /** Default 0. */
  readonly offset?: number;
}

const zeros = new Uint8Array(16);

/** Loads of a whole vector by its size in bytes. */
const wholeLoads: Readonly<Record<number, Opcode>> = {
  16: v128.load,
  8: v128.load64Zero,
  4: v128.load32Zero,
  2: v128.load16Splat,
};

/** Instructions that touch one element, by its size in bytes. */
const laneLoads: Readonly<Record<number, Opcode>> = { 8: v128.load64Lane, 4: v128.load32Lane, 1: v128.load8Lane };
const laneStores: Readonly<Record<number, Opcode>> = { 8: v128.store64Lane, 4: v128.store32Lane, 1: v128.store8Lane };
const splatLoads: Readonly<Record<number, Opcode>> = { 8: v128.load64Splat, 4: v128.load32Splat, 1: v128.load8Splat };

/** Pushes as many adjacent elements as there are lanes. */
export function loadVector(fn: FunctionBuilder, { dtype, laneCount, address, offset = 0 }: Place): void {
  fn.get(address);
  fn.memory(wholeLoads[laneCount * bytesPerElement(dtype)], offset);
  if (dtype === "bool") expandBool(fn, laneCount);
}

/** Pushes `count` adjacent elements and zeros: nothing behind them is read. */
export function loadLanes(fn: FunctionBuilder, place: Place, count: number): void {
  const size = bytesPerElement(place.dtype);
  loadGathered(fn, place, count, (lane) => {
    fn.get(place.address);
    return (place.offset ?? 0) + lane * size;
  });
}

/**
 * Pushes `count` elements from anywhere, zeros in the lanes behind them.
 *
 * @param pushAddress puts the address of a lane's element on the stack, and returns an offset to it in bytes
 */
export function loadGathered(
  fn: FunctionBuilder,
  { dtype, laneCount }: Pick<Place, "dtype" | "laneCount">,
  count: number,
  pushAddress: (lane: number) => number,
): void {
  const gathered = fn.local("v128");
  fn.v128(zeros);
  for (let lane = 0; lane < count; lane++) {
    fn.set(gathered);
    const offset = pushAddress(lane);
    fn.get(gathered);
    fn.memoryLane(laneLoads[bytesPerElement(dtype)], lane, offset);
  }
  fn.release(gathered);
  if (dtype === "bool") expandBool(fn, laneCount);
}

/** Pushes one element in every lane. */
export function loadSplat(fn: FunctionBuilder, { dtype, address, offset = 0 }: Omit<Place, "laneCount">): void {
  fn.get(address);
  fn.memory(splatLoads[bytesPerElement(dtype)], offset);
  if (dtype !== "bool") return;
  fn.v128(zeros);
  fn.op(i8x16.ne);
}

/** Writes all lanes of the vector in the local `value`. */
export function storeVector(
  fn: FunctionBuilder,
  { dtype, laneCount, address, offset = 0 }: Place,
  value: number,
): void {
  fn.get(address);
  fn.get(value);
  if (dtype === "bool") packBool(fn, laneCount);
  const size = laneCount * bytesPerElement(dtype);
  if (size === 16) fn.memory(v128.store, offset);
  else fn.memoryLane(size === 8 ? v128.store64Lane : size === 4 ? v128.store32Lane : v128.store16Lane, 0, offset);
}

/** Writes the first `count` lanes and nothing behind them. */
export function storeLanes(fn: FunctionBuilder, place: Place, value: number, count: number): void {
  const { dtype, laneCount, address, offset = 0 } = place;
  const size = bytesPerElement(dtype);
  for (let lane = 0; lane < count; lane++) {
    fn.get(address);
    fn.get(value);
    if (dtype === "bool") packBool(fn, laneCount);
    fn.memoryLane(laneStores[size], lane, offset + lane * size);
  }
}

/** Bytes in the low lanes → a mask per lane. */
function expandBool(fn: FunctionBuilder, laneCount: LaneCount): void {
  if (laneCount === 4) {
    fn.op(i16x8.extendLowI8x16U);
    fn.op(i32x4.extendLowI16x8U);
  } else {
    const bytes = fn.local("v128");
    fn.tee(bytes);
    fn.get(bytes);
    fn.shuffle([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    fn.release(bytes);
  }
  fn.v128(zeros);
  fn.op(laneCount === 4 ? i32x4.ne : i64x2.ne);
}

/** A mask per lane → bytes 0 or 1 in the low lanes. */
function packBool(fn: FunctionBuilder, laneCount: LaneCount): void {
  fn.v128(zeros);
  if (laneCount === 4) {
    fn.op(i16x8.narrowI32x4S);
    fn.v128(zeros);
    fn.op(i8x16.narrowI16x8S);
  } else fn.shuffle([0, 8, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16]);
  fn.op(i8x16.neg);
}
