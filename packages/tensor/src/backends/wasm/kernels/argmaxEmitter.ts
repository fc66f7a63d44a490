import { type FunctionBuilder, i32, i32x4, i64x2, v128 } from "../assembler/index.ts";
import { ConstantPool, KernelBody, storeLanes } from "../vector/index.ts";
import type { ArgmaxCode } from "./argmax.ts";
import { firstLanes, turnedLanes } from "./elementFormat.ts";
import { forSteps, forUnits, loadOperand, nest, Pointers } from "./operand.ts";
import { type Order, orderOf } from "./order.ts";

/** Writes the loops of one argmax over its units [lo, hi). */
export class ArgmaxEmitter {
  private readonly fn: FunctionBuilder;
  private readonly code: ArgmaxCode;
  private readonly pointers: Pointers;
  private readonly arithmetic: KernelBody;
  private readonly order: Order;
  private readonly last: number;
  /** Locals: the best so far, its index, and the index of what comes next, a vector each. */
  private readonly best: number;
  private readonly bestIndex: number;
  private readonly nextIndex: number;

  constructor(fn: FunctionBuilder, code: ArgmaxCode) {
    this.fn = fn;
    this.code = code;
    this.pointers = new Pointers(fn);
    const { node, fma, lanes } = code;
    this.arithmetic = new KernelBody(fn, [node], { fma, constants: new ConstantPool(fn), lanes });
    this.order = orderOf(node.dtype, lanes);
    this.last = code.shape.length - 1;
    [this.best, this.bestIndex, this.nextIndex] = [1, 2, 3].map(() => fn.freshLocal("v128"));
    for (const operand of [...code.inputs, code.output]) this.pointers.place(operand);
  }

  /** @returns how many units there are */
  emit(): number {
    const { kept, shape, lanes } = this.code;
    const { last } = this;
    const [first, ...others] = kept;
    if (first === undefined) {
      this.pointers.beginAt(last, 0, 0);
      this.row();
      return 1;
    }
    if (first === last) {
      this.forUnits(last, lanes, (unit) => this.forWholeOrTail(unit));
      return Math.ceil(shape[last] / lanes);
    }
    const isColumns = others.includes(last);
    this.forUnits(first, 1, () => {
      this.nest(
        others.filter((axis) => axis !== last),
        () => (isColumns ? this.columns() : this.row()),
      );
    });
    return shape[first];
  }

  /** One vector of columns a unit; the last one may have fewer. */
  private forWholeOrTail(unit: number): void {
    const { fn, code, last } = this;
    const [whole, left] = [Math.floor(code.shape[last] / code.lanes), code.shape[last] % code.lanes];
    if (left === 0) {
      this.column(code.lanes);
      return;
    }
    fn.get(unit);
    fn.i32(whole);
    fn.op(i32.ltU);
    fn.if(
      () => this.column(code.lanes),
      () => this.column(left),
    );
  }

  /** All columns of the last axis. */
  private columns(): void {
    const { code, last, pointers } = this;
    const { shape, lanes } = code;
    const whole = shape[last] - (shape[last] % lanes);
    this.forVectors(whole, () => this.column(lanes));
    if (shape[last] > whole) this.column(shape[last] - whole);
    pointers.advance(last, -whole);
  }

  /** The first best of each of a vector of columns. */
  private column(count: number): void {
    this.start([0, 0, 0, 0]);
    this.nest([this.code.reduced], () => {
      this.accept(count);
      this.step(1);
    });
    this.store(count);
  }

  /** The first best of a row: every lane has its own, and they are compared at the end. */
  private row(): void {
    const { code, last, pointers } = this;
    const { shape, lanes } = code;
    const whole = shape[last] - (shape[last] % lanes);
    this.start([0, 1, 2, 3]);
    this.forVectors(whole, () => {
      this.accept(lanes);
      this.step(lanes);
    });
    if (shape[last] > whole) this.accept(shape[last] - whole, true);
    pointers.advance(last, -whole);
    for (let distance = lanes / 2; distance >= 1; distance /= 2) this.combine(distance);
    this.store(1);
  }

  private start(indices: readonly number[]): void {
    const { fn, order } = this;
    fn.v128(order.start);
    fn.set(this.best);
    const wide = BigInt64Array.of(BigInt(indices[0]), BigInt(indices[1]));
    for (const local of [this.bestIndex, this.nextIndex]) {
      fn.v128(new Uint8Array((order.bytes === 8 ? wide : Int32Array.from(indices)).buffer));
      fn.set(local);
    }
  }

  /** Takes the next elements where they are better; of a part of a vector only the lanes that exist, if that matters. */
  private accept(count: number, isPart = false): void {
    const { fn, code, order } = this;
    const load = (input: number): void =>
      loadOperand(fn, this.pointers, code.inputs[input], { axis: this.last, lanes: code.lanes, count });
    const [value] = this.arithmetic.emit(load);
    order.pushIsBetter(fn, value, this.best);
    if (isPart) {
      fn.v128(firstLanes(count, order.bytes));
      fn.op(v128.and);
    }
    this.choose(value, this.nextIndex);
    fn.release(value);
  }

  /** best and its index become these where the mask on the stack is set. */
  private choose(value: number, index: number): void {
    const { fn } = this;
    const mask = fn.local("v128");
    fn.set(mask);
    for (const [from, to] of [
      [value, this.best],
      [index, this.bestIndex],
    ]) {
      for (const local of [from, to, mask]) fn.get(local);
      fn.op(v128.bitselect);
      fn.set(to);
    }
    fn.release(mask);
  }

  /** The next elements are `count` further. */
  private step(count: number): void {
    const { fn, order } = this;
    fn.get(this.nextIndex);
    const wide = BigInt64Array.of(BigInt(count), BigInt(count));
    fn.v128(new Uint8Array((order.bytes === 8 ? wide : new Int32Array(4).fill(count)).buffer));
    fn.op(order.bytes === 8 ? i64x2.add : i32x4.add);
    fn.set(this.nextIndex);
  }

  /** Compares each lane with the one some lanes further: of equals the one with the smaller index stays. */
  private combine(distance: number): void {
    const { fn, order, best, bestIndex } = this;
    const turned = [best, bestIndex].map((local) => {
      const other = fn.local("v128");
      fn.get(local);
      fn.get(local);
      fn.shuffle(turnedLanes(distance, order.bytes));
      fn.set(other);
      return other;
    });
    const [value, index] = turned;
    order.pushIsBetter(fn, value, best);
    order.pushIsTie(fn, value, best);
    fn.get(index);
    fn.get(bestIndex);
    fn.op(order.bytes === 8 ? i64x2.ltS : i32x4.ltS);
    fn.op(v128.and);
    fn.op(v128.or);
    this.choose(value, index);
    for (const local of turned) fn.release(local);
  }

  private store(count: number): void {
    const { fn, code, order, bestIndex } = this;
    if (order.bytes === 8) {
      fn.get(bestIndex);
      fn.get(bestIndex);
      fn.shuffle([0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]);
      fn.set(bestIndex);
    }
    const place = { dtype: "int32", lanes: code.lanes, ...this.pointers.place(code.output) } as const;
    storeLanes(fn, place, bestIndex, count);
  }

  private nest(axes: readonly number[], body: () => void): void {
    nest(this.fn, this.pointers, this.code.shape, axes, body);
  }

  private forUnits(axis: number, size: number, body: (unit: number) => void): void {
    forUnits(this.fn, this.pointers, axis, size, body);
  }

  private forVectors(size: number, body: () => void): void {
    forSteps(this.fn, this.pointers, this.last, { to: size, step: this.code.lanes }, body);
  }
}
