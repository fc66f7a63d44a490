import type { DType } from "../../../array/dtype.ts";
import { type FunctionBuilder, i32x4, i64x2, v128 } from "../assembler/index.ts";
import type { LaneCount } from "../vector/index.ts";
import type { Accumulator, AccumulatorState } from "./accumulator.ts";
import type { Level } from "./blocks.ts";
import { firstLanes, turnedLanes } from "./elementFormat.ts";
import { type Order, orderOf } from "./order.ts";

/** Indices of first largest elements. A state is three locals: the largest so far, their indices, and those of the next vector. */
export class ArgmaxAccumulator implements Accumulator {
  readonly vectors = 1;
  private readonly fn: FunctionBuilder;
  private readonly laneCount: LaneCount;
  private readonly order: Order;
  private readonly isAcross: boolean;

  /** @param isAcross whether lanes are neighbours along the reduced axis */
  constructor(fn: FunctionBuilder, dtype: DType, laneCount: LaneCount, isAcross: boolean) {
    this.fn = fn;
    this.laneCount = laneCount;
    this.order = orderOf(dtype, laneCount);
    this.isAcross = isAcross;
  }

  begin(): AccumulatorState {
    const { fn, order } = this;
    const first = this.indices((lane) => (this.isAcross ? lane : 0));
    return [order.identity, first, first].map((bytes) => {
      const local = fn.local("v128");
      fn.v128(bytes);
      fn.set(local);
      return local;
    });
  }

  total(_states: readonly AccumulatorState[], _steps: number, walk: (levels: readonly Level[]) => void): void {
    walk([]);
  }

  accept([best, index, next]: AccumulatorState, value: number, count?: number): void {
    const { fn, order } = this;
    order.pushIsBetter(fn, value, best);
    if (count !== undefined) {
      fn.v128(firstLanes(count, order.bytes));
      fn.op(v128.and);
    }
    this.choose([best, index], [value, next]);
    if (count !== undefined) return;
    fn.get(next);
    fn.v128(this.indices(() => (this.isAcross ? this.laneCount : 1)));
    fn.op(order.bytes === 8 ? i64x2.add : i32x4.add);
    fn.set(next);
  }

  /** Compares each lane with one some lanes further: of equal elements the one with the smaller index stays. */
  combine([[best, index]]: readonly AccumulatorState[]): void {
    const { fn, order } = this;
    for (let distance = this.laneCount / 2; distance >= 1; distance /= 2) {
      const [value, otherIndex] = [best, index].map((local) => {
        const turned = fn.local("v128");
        fn.get(local);
        fn.get(local);
        fn.shuffle(turnedLanes(distance, order.bytes));
        fn.set(turned);
        return turned;
      });
      // value is better, or best is not and has the larger index.
      order.pushIsBetter(fn, value, best);
      fn.get(otherIndex);
      fn.get(index);
      fn.op(order.bytes === 8 ? i64x2.ltS : i32x4.ltS);
      order.pushIsBetter(fn, best, value);
      fn.op(v128.andNot);
      fn.op(v128.or);
      this.choose([best, index], [value, otherIndex]);
      for (const local of [value, otherIndex]) fn.release(local);
    }
  }

  /** Indices as int32, in the low lanes. */
  results([, index]: AccumulatorState): number {
    const { fn, order } = this;
    if (order.bytes === 8) {
      fn.get(index);
      fn.get(index);
      fn.shuffle([0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
      fn.set(index);
    }
    return index;
  }

  /** Replaces locals by others in the lanes of the mask on the stack. */
  private choose(targets: readonly number[], sources: readonly number[]): void {
    const { fn } = this;
    const mask = fn.local("v128");
    fn.set(mask);
    targets.forEach((target, i) => {
      for (const local of [sources[i], target, mask]) fn.get(local);
      fn.op(v128.bitselect);
      fn.set(target);
    });
    fn.release(mask);
  }

  private indices(of: (lane: number) => number): Uint8Array {
    const lanes = Array.from({ length: 16 / this.order.bytes }, (_, lane) => of(lane));
    return new Uint8Array((this.order.bytes === 8 ? BigInt64Array.from(lanes, BigInt) : Int32Array.from(lanes)).buffer);
  }
}
