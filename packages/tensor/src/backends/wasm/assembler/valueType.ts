/** Type of a local, a parameter or a result. */
export type ValueType = "i32" | "f32" | "f64" | "v128";

/** Their codes. @source WebAssembly Core Specification 2.0, section 5.3 */
export const valueTypeBytes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
