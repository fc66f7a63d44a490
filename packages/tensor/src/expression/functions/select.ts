import type { Operation } from "../operation.ts";

/** condition ? x : y; both are computed and selected bit by bit. */
export const select: Operation = {
  arity: 3,
  type: ([condition, x, y]) => (condition === "bool" && x === y ? x : undefined),
  gpu: ([condition, x, y]) => `${condition} > 0.5 ? ${x} : ${y}`,
  js: ([condition, x, y]) => `${condition} ? ${x} : ${y}`,
  vector: (lanes, [condition, x, y], { dtype }) => lanes.int32.select(lanes.toMaskOf(dtype, condition), x, y),
};
