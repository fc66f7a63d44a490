import type { DType } from "../../../array/dtype.ts";
import type { FunctionBuilder } from "../assembler/functionBuilder.ts";
import { f32x4, f64x2, i32x4, type Opcode, v128 } from "../assembler/opcodes.ts";
import { type SumFormat, sumFormats } from "./compensatedSum.ts";

/** How a numeric dtype fills a vector, for kernels that only multiply and add. */
export interface ElementFormat {
  readonly bytes: number;
  /** Elements of a vector. */
  readonly count: number;
  readonly splatLoad: Opcode;
  readonly loadLane: Opcode;
  readonly storeLane: Opcode;
  readonly add: Opcode;
  readonly mul: Opcode;
  /** One rounding for x·y + z, where the engine has it. */
  readonly madd?: Opcode;
  /** Of dtypes whose sums round: long ones are made of blocks. */
  readonly sum?: SumFormat;
}

/** float64, float32 and int32; bools are never multiplied. */
export const elementFormats: Readonly<Record<Exclude<DType, "bool">, ElementFormat>> = {
  float32: {
    bytes: 4,
    count: 4,
    splatLoad: v128.load32Splat,
    loadLane: v128.load32Lane,
    storeLane: v128.store32Lane,
    add: f32x4.add,
    mul: f32x4.mul,
    madd: f32x4.relaxedMadd,
    sum: sumFormats.float32,
  },
  float64: {
    bytes: 8,
    count: 2,
    splatLoad: v128.load64Splat,
    loadLane: v128.load64Lane,
    storeLane: v128.store64Lane,
    add: f64x2.add,
    mul: f64x2.mul,
    madd: f64x2.relaxedMadd,
    sum: sumFormats.float64,
  },
  int32: {
    bytes: 4,
    count: 4,
    splatLoad: v128.load32Splat,
    loadLane: v128.load32Lane,
    storeLane: v128.store32Lane,
    add: i32x4.add,
    mul: i32x4.mul,
  },
};

/** accumulator += x·y, operands pushed by the callbacks. */
export function multiplyAdd(
  fn: FunctionBuilder,
  format: ElementFormat,
  fma: boolean,
  x: () => void,
  y: () => void,
  accumulator: number,
): void {
  if (fma && format.madd !== undefined) {
    x();
    y();
    fn.get(accumulator);
    fn.op(format.madd);
  } else {
    x();
    y();
    fn.op(format.mul);
    fn.get(accumulator);
    fn.op(format.add);
  }
  fn.set(accumulator);
}

/** The vector in a local to the first `count` elements at the address that `address` pushes plus offset. */
export function storePart(
  fn: FunctionBuilder,
  format: ElementFormat,
  local: number,
  count: number,
  address: () => void,
  offset: number,
): void {
  if (count >= format.count) {
    address();
    fn.get(local);
    fn.memory(v128.store, offset);
    return;
  }
  for (let i = 0; i < count; i++) {
    address();
    fn.get(local);
    fn.memoryLane(format.storeLane, i, offset + i * format.bytes);
  }
}

/** A mask of the first lanes of a vector. */
export const firstLanes = (count: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => (Math.floor(i / bytes) < count ? 255 : 0));

/** The bytes of a shuffle that puts each lane where the one `distance` lanes before it was. */
export const turnedLanes = (distance: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => (i + distance * bytes) % 16);
