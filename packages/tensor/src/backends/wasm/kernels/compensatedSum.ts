import type { FunctionBuilder } from "../assembler/functionBuilder.ts";
import { f32x4, f64x2, type Opcode, v128 } from "../assembler/opcodes.ts";

/** Instructions of a float format that a sum with its rounding errors is made of. */
export interface SumFormat {
  readonly add: Opcode;
  readonly sub: Opcode;
  readonly eq: Opcode;
}

/** The formats of float dtypes. */
export const sumFormats: Readonly<Record<"float32" | "float64", SumFormat>> = { float32: f32x4, float64: f64x2 };

/** A total and its rounding error, in locals. */
export interface CompensatedSum {
  readonly total: number;
  readonly lost: number;
}

/**
 * total = total + part, and lost = lost + the rounding error of this addition, lane by lane. All are locals.
 *
 * @source Knuth, The Art of Computer Programming 2, §4.2.2, theorem B ("TwoSum")
 */
export function emitAddPart(
  fn: FunctionBuilder,
  { add, sub }: SumFormat,
  { total, lost }: CompensatedSum,
  part: number,
): void {
  const [sum, rounded] = [fn.local("v128"), fn.local("v128")];
  const apply = (op: Opcode, x: number, y: number): void => {
    fn.get(x);
    fn.get(y);
    fn.op(op);
  };
  apply(add, total, part);
  fn.set(sum);
  apply(sub, sum, total);
  fn.set(rounded);
  // lost + ((total − (sum − rounded)) + (part − rounded))
  fn.get(lost);
  fn.get(total);
  apply(sub, sum, rounded);
  fn.op(sub);
  apply(sub, part, rounded);
  fn.op(add);
  fn.op(add);
  fn.set(lost);
  fn.get(sum);
  fn.set(total);
  fn.release(sum);
  fn.release(rounded);
}

/** Pushes total + lost; the total alone in lanes where it is not finite, since its rounding error is then unknown. */
export function pushCorrected(fn: FunctionBuilder, { add, eq }: SumFormat, { total, lost }: CompensatedSum): void {
  const sum = fn.local("v128");
  fn.get(total);
  fn.get(lost);
  fn.op(add);
  fn.tee(sum);
  fn.get(total);
  fn.get(sum);
  fn.get(sum);
  fn.op(eq);
  fn.op(v128.bitselect);
  fn.release(sum);
}
