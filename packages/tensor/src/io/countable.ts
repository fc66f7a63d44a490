import { type Shape, sizeOf } from "../array/shape.ts";

/** Whether an empty array has axes of sizes that can be multiplied: 0 times infinitely many elements is no number. */
export const isCountable = (shape: Shape): boolean =>
  !shape.includes(0) || sizeOf(shape.filter((size) => size > 0)) <= Number.MAX_SAFE_INTEGER;
