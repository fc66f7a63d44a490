import { where } from "@pushforward/tensor";
import type { JvpTable, TransposeTable } from "./rule.ts";

/** Truth values and integers have no derivative. */
export const discreteJvp = {
  /** A truth value has no derivative. */
  equal: null,
  /** A truth value has no derivative. */
  less: null,
  /** A truth value has no derivative. */
  lessEqual: null,
  /** A truth value has no derivative. */
  and: null,
  /** A truth value has no derivative. */
  or: null,
  /** A truth value has no derivative. */
  not: null,
  /** A truth value has no derivative. */
  isFinite: null,
  /** An integer has no derivative. */
  bitXor: null,
  /** An integer has no derivative. */
  bitAnd: null,
  /** An integer has no derivative. */
  shiftLeft: null,
  /** An integer has no derivative. */
  shiftRight: null,
  /** An integer has no derivative. */
  threefry: null,
  /** An integer has no derivative. */
  argmax: null,
  /** An integer has no derivative. */
  argsort: null,
  /** Made of random bits: no derivative. */
  unitFromBits: null,
  /** A constant. */
  iota: null,
} satisfies Partial<JvpTable>;

export const selectionJvp = {
  /** d(c ? x : y) = c ? dx : dy; a NaN in the branch that is not selected never reaches the result */
  where: [null, (dx, { x }) => where(x, dx, 0), (dy, { x }) => where(x, 0, dy)],
} satisfies Partial<JvpTable>;

export const selectionTranspose = {
  where: { joint: "sum", operands: [null, (ct, { x }) => where(x, ct, 0), (ct, { x }) => where(x, 0, ct)] },
} satisfies TransposeTable;
