import { bytesPerElement, type DType } from "../../../array/dtype.ts";
import { sizeOf } from "../../../array/shape.ts";
import type { MoveKernel } from "../../../compiler/plan.ts";
import type { IotaParams } from "../../../primitives/structural.ts";
import { type FunctionBuilder, f32x4, f64x2, i32x4 } from "../assembler/index.ts";
import { type LaneCount, storeLanes, storeVector } from "../vector/index.ts";
import { setRemainder } from "./localArithmetic.ts";
import type { Lowering } from "./lowering.ts";
import { setScaled } from "./pack.ts";
import { walk } from "./walk.ts";
import { forWorkItemSize, lowerWorkItems } from "./workItems.ts";

/** Elements of one work item of a single long ramp. */
const elementsPerItem = 1024;

/** Lowers [outer, n, inner] of indices along n: ramps where inner is 1, else runs of equal numbers. */
export function lowerIota(lowering: Lowering, kernel: MoveKernel, index: number): void {
  const [{ value, buffer }] = kernel.outputs;
  if (value.size === 0) return;
  const { shape, axis, dtype } = kernel.equations[0].params as IotaParams;
  const [n, inner] = [shape[axis], sizeOf(shape.slice(axis + 1))];
  const isRamp = inner === 1;
  const isOneRamp = value.size === n;
  const perItem = isOneRamp ? elementsPerItem : isRamp ? n : inner;
  const start = lowering.addressOf(buffer);
  const workItems = Math.ceil(value.size / perItem);
  lowerWorkItems(lowering, { kernel: index, name: "iota", workItems, cost: perItem / 4 }, (fn, workItem) => {
    const [address, first] = [fn.local("i32"), fn.local("i32")];
    setScaled(fn, address, start, workItem, perItem * bytesPerElement(dtype));
    if (isRamp) setScaled(fn, first, 0, workItem, isOneRamp ? perItem : 0);
    else setRemainder(fn, first, workItem, n);
    forWorkItemSize(fn, workItem, { size: value.size, perItem }, (count) =>
      emitIndices(fn, { dtype, count, step: isRamp ? 1 : 0 }, first, address),
    );
  });
}

/** Writes first, first + step … */
function emitIndices(
  fn: FunctionBuilder,
  { dtype, count, step }: { readonly dtype: DType; readonly count: number; readonly step: 0 | 1 },
  first: number,
  address: number,
): void {
  const laneCount: LaneCount = dtype === "float64" ? 2 : 4;
  const [indices, value] = [fn.local("v128"), fn.local("v128")];
  fn.get(first);
  fn.op(i32x4.splat);
  fn.v128(new Uint8Array(Int32Array.of(0, step, 2 * step, 3 * step).buffer));
  fn.op(i32x4.add);
  fn.set(indices);
  const convert = (): void => {
    fn.get(indices);
    if (dtype === "float32") fn.op(f32x4.convertI32x4S);
    if (dtype === "float64") fn.op(f64x2.convertLowI32x4S);
    fn.set(value);
  };
  const vectors = Math.floor(count / laneCount);
  walk(fn, [vectors], [{ local: address, strides: [16] }], () => {
    convert();
    storeVector(fn, { dtype, laneCount, address }, value);
    fn.get(indices);
    fn.i32(laneCount * step);
    fn.op(i32x4.splat);
    fn.op(i32x4.add);
    fn.set(indices);
  });
  convert();
  storeLanes(fn, { dtype, laneCount, address, offset: 16 * vectors }, value, count - laneCount * vectors);
}
