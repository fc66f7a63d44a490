import { bind, primitives as p } from "@pushforward/tensor";
import type { JvpTable, TransposeTable } from "./rule.ts";

export const markerJvp = {
  /** No derivative, in any mode, at any level of nesting. */
  stopGradient: null,
  /** Plain jvp cuts the tangent before this rule is used (see jvpInterpreter.ts); under linearize the tangent passes. */
  stopTangent: [(dx) => dx],
  /** The tangent passes through the same primitive, whose transpose is zero. */
  stopCotangent: [(dx, { params }) => bind(p.stopCotangent, [dx], params)],
  /** The identity; the tangent passes through a barrier too. */
  barrier: [(dx, { params }) => bind(p.barrier, [dx], params)],
} satisfies Partial<JvpTable>;

export const markerTranspose = {
  stopCotangent: { joint: "sum", operands: [() => null] },
  barrier: { joint: "sum", operands: [(ct, { params }) => bind(p.barrier, [ct], params)] },
} satisfies TransposeTable;
