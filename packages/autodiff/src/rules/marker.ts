import { bind, primitives as p } from "@pushforward/tensor";
import type { JvpTable, TransposeTable } from "./rule.ts";

export const markerJvp = {
  /** No derivative, in any mode, at any level of nesting. */
  stopGradient: null,
  /** Cut by plain jvp before this rule is asked (see jvp.ts); under linearize the tangent passes. */
  stopTangent: [(dx) => dx],
  /** The tangent passes, marked so that its transpose is cut. */
  stopCotangent: [(dx, { params }) => bind(p.stopCotangent, [dx], params)],
  /** The identity, and its tangent is as opaque. */
  barrier: [(dx, { params }) => bind(p.barrier, [dx], params)],
} satisfies Partial<JvpTable>;

export const markerTranspose = {
  stopCotangent: { joint: "sum", operands: [() => null] },
  barrier: { joint: "sum", operands: [(ct, { params }) => bind(p.barrier, [ct], params)] },
} satisfies TransposeTable;
