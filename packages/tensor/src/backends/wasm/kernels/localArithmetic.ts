import { type FunctionBuilder, i32 } from "../assembler/index.ts";

/** to = from */
export function copyLocal(fn: FunctionBuilder, from: number, to: number): void {
  fn.get(from);
  fn.set(to);
}

/** target = min(x, y), pushed by the callbacks. */
export function setMinimum(fn: FunctionBuilder, target: number, x: () => void, y: () => void): void {
  const [first, second] = [fn.local("i32"), fn.local("i32")];
  x();
  fn.tee(first);
  y();
  fn.tee(second);
  fn.get(first);
  fn.get(second);
  fn.op(i32.ltU);
  fn.select();
  fn.set(target);
  fn.release(first);
  fn.release(second);
}

/** Pushes local + value. */
export function addConstant(fn: FunctionBuilder, local: number, value: number): void {
  fn.get(local);
  fn.i32(value);
  fn.op(i32.add);
}

/** target += local·scale. */
export function addScaledTo(fn: FunctionBuilder, target: number, local: number, scale: number): void {
  fn.get(local);
  fn.i32(scale);
  fn.op(i32.mul);
  fn.get(target);
  fn.op(i32.add);
  fn.set(target);
}

/** target = local / divisor, unsigned */
export function setQuotient(fn: FunctionBuilder, target: number, local: number, divisor: number): void {
  fn.get(local);
  fn.i32(divisor);
  fn.op(i32.divU);
  fn.set(target);
}

/** target = local % divisor, unsigned */
export function setRemainder(fn: FunctionBuilder, target: number, local: number, divisor: number): void {
  fn.get(local);
  fn.i32(divisor);
  fn.op(i32.remU);
  fn.set(target);
}

/** local = local·factor + shift */
export function scale(fn: FunctionBuilder, local: number, factor: number, shift: number): void {
  fn.get(local);
  fn.i32(factor);
  fn.op(i32.mul);
  fn.i32(shift);
  fn.op(i32.add);
  fn.set(local);
}

/** Runs `body` as often as a local says. */
export function times(fn: FunctionBuilder, count: number, step: number, body: () => void): void {
  const counter = fn.local("i32");
  fn.i32(0);
  fn.set(counter);
  fn.countedLoop(counter, () => fn.get(count), step, body);
  fn.release(counter);
}
