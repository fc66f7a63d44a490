import * as formats from "../../../expression/lanes/floatFormat.ts";
import { f32x4, f64x2, i32x4, i64x2 } from "../assembler/index.ts";

/** A floating-point format with its instructions. */
export interface FloatFormat extends formats.FloatFormat {
  readonly float: typeof f32x4 | typeof f64x2;
  readonly integer: typeof i32x4 | typeof i64x2;
}

/** IEEE 754 binary32. */
export const float32Format: FloatFormat = { ...formats.float32Format, float: f32x4, integer: i32x4 };

/** IEEE 754 binary64. */
export const float64Format: FloatFormat = { ...formats.float64Format, float: f64x2, integer: i64x2 };
