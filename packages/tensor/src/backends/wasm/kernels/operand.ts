import { bytesPerElement, type DType } from "../../../array/dtype.ts";
import type { Kernel } from "../../../compiler/plan.ts";
import type { View } from "../../../compiler/view.ts";
import { type FunctionBuilder, i32 } from "../assembler/index.ts";
import { type LaneCount, loadGathered, loadSplat, loadVector, storeLanes, storeVector } from "../vector/index.ts";
import type { Lowering } from "./lowering.ts";
import type { Pointers } from "./pointers.ts";

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

/** Writes a vector, in a local, to an operand whose neighbours along the axis are neighbours in memory. */
export function storeOperand(
  fn: FunctionBuilder,
  pointers: Pointers,
  operand: Operand,
  { axis, laneCount, count, shift = 0 }: VectorPlace,
  value: number,
): void {
  const { dtype, strides } = operand;
  const { address, offset } = pointers.place(operand);
  const place = { dtype, laneCount, address, offset: offset + shift * strides[axis] };
  if (count === laneCount) storeVector(fn, place, value);
  else storeLanes(fn, place, value, count);
}
