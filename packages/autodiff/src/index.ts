export type { AuxOf, MainOf, Outputs } from "./aux.ts";
export { blockedCotangents } from "./blockedCotangents.ts";
export {
  type CheckEntry,
  type CheckMode,
  type CheckOptions,
  type CheckReport,
  checkGrads,
  richardson,
} from "./check.ts";
export { checkpoint } from "./checkpoint.ts";
export { customJvp, customVjp } from "./custom.ts";
export { cotangentsOnly, cutProgram, type ProgramCut, type ProgramUse } from "./cutProgram.ts";
export { type DebugNansOptions, debugNans } from "./debugNans.ts";
export {
  centralDifference,
  type DifferenceErrorOptions,
  type DifferenceErrors,
  differenceErrors,
} from "./differenceErrors.ts";
export { type Explanation, explain, type StopEffect } from "./explain.ts";
export {
  type Argnums,
  type Differentiable,
  type Grad,
  type GradOptions,
  type GradsOf,
  grad,
  type ValueAndGrad,
  valueAndGrad,
} from "./grad.ts";
export { type DivergenceOptions, divergence, hessian, hvp, type JacobianOptions, jacfwd, jacrev } from "./jacobian.ts";
export { type JvpOptions, jvp } from "./jvp.ts";
export { linearize } from "./linearize.ts";
export { matchTangents, type Primals } from "./matchTangents.ts";
export { NanError, type NanOrigin } from "./nanError.ts";
export { collectReads, type ValueRead } from "./reads.ts";
export { type Directions, recordDerivatives, type ValueRecord } from "./recordDerivatives.ts";
export { batchRules, jvpRules, transposeRules } from "./rules/index.ts";
export type { BatchRule, BatchTable, JvpRule, JvpTable, TransposeRule, TransposeTable } from "./rules/rule.ts";
export {
  collectStops,
  freezeStops,
  type StopHandler,
  stopCotangent,
  stopGradient,
  stopTangent,
  withStopHandler,
  withStops,
} from "./stop.ts";
export type { AxesOf, TangentsOf, TangentTree } from "./tangentTree.ts";
export { type GradTree, type VjpOptions, type VjpResult, vjp } from "./vjp.ts";
export { type VmapOptions, vmap } from "./vmap.ts";
