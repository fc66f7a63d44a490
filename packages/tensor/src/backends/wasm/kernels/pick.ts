import { type FunctionBuilder, i32 } from "../assembler/index.ts";

/** An index in memory: the local that holds its address, and the axis that it picks from. */
export interface Pick {
  readonly at: number;
  /** Elements of the axis. */
  readonly size: number;
  /** Bytes between them. */
  readonly stride: number;
}

/** target = base + stride · index, with the index clamped to the axis. */
export function emitPick(fn: FunctionBuilder, target: number, base: number, { at, size, stride }: Pick): void {
  const index = fn.local("i32");
  fn.get(at);
  fn.memory(i32.load);
  fn.set(index);
  // max(0, index), then min(size − 1, index).
  for (const [bound, isInside] of [
    [0, i32.gtS],
    [size - 1, i32.ltS],
  ]) {
    fn.get(index);
    fn.i32(bound);
    fn.get(index);
    fn.i32(bound);
    fn.op(isInside);
    fn.select();
    fn.set(index);
  }
  fn.get(index);
  fn.i32(stride);
  fn.op(i32.mul);
  fn.get(base);
  fn.op(i32.add);
  fn.set(target);
  fn.release(index);
}
