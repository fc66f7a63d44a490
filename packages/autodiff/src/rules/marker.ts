import { bind, primitives as p } from "@pushforward/tensor";
import type { JvpTable, TransposeTable } from "./rule.ts";

export const markerJvp = {
  /** No derivative, in any mode, at any level of nesting. */
  stopGradient: null,
  /** Plain jvp cuts the tangent before it asks this rule (see jvpInterpreter.ts); under linearize it passes. */
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
