import { where } from "@pushforward/tensor";
import type { JvpTable, TransposeTable } from "./rule.ts";

/** Truth values and integers have no derivative. */
export const discreteJvp = {
  equal: null,
  less: null,
  lessEqual: null,
  and: null,
  or: null,
  not: null,
  isFinite: null,
  bitXor: null,
  bitAnd: null,
  shiftLeft: null,
  shiftRight: null,
  threefry: null,
  unitFromBits: null,
  iota: null,
  argmax: null,
  argsort: null,
} satisfies Partial<JvpTable>;

export const selectionJvp = {
  /** d(c ? x : y) = c ? dx : dy; the branch not taken is dropped, NaN or not */
  where: [null, (dx, { x }) => where(x, dx, 0), (dy, { x }) => where(x, 0, dy)],
} satisfies Partial<JvpTable>;

export const selectionTranspose = {
  where: { joint: "sum", operands: [null, (ct, { x }) => where(x, ct, 0), (ct, { x }) => where(x, 0, ct)] },
} satisfies TransposeTable;
