export { type Convolution, convolutions } from "./arbitraries/convolutions.ts";
export {
  awayFromZero,
  between,
  dyadics,
  elementsOf,
  int32s,
  scaled,
  specialNumbers,
  wellScaled,
} from "./arbitraries/numbers.ts";
export {
  axisSizes,
  broadcastPairs,
  type ShapeOptions,
  shapes,
  shapesThatBroadcastTo,
  shapeTriples,
} from "./arbitraries/shapes.ts";
export { distinctTensorOf, listOf, randomKeys, type TensorOptions, tensorOf, tensors } from "./arbitraries/tensors.ts";
export {
  type Closeness,
  expectClose,
  expectSameBits,
  findMismatch,
  type Mismatch,
  worstError,
} from "./expectClose.ts";
export { type Misuse, mistakes, misuses, whole } from "./misuse.ts";
export { callOf, faultsOf, type MisuseTable, type ValidCall, validCall, withoutRow } from "./misuseTable.ts";
export { type BigComposite, bigComposites } from "./oracles/bigComposites.ts";
export { bigFunctions, exactly, ulpError } from "./oracles/bigNumber.ts";
export { complexRules, isAnalytic } from "./oracles/complexRules.ts";
export { complexStep, interpretComplex } from "./oracles/complexStep.ts";
export {
  centralDifference,
  type Estimate,
  fourthOrderDifference,
  type RichardsonOptions,
  richardson,
  richardsonEstimate,
} from "./oracles/differences.ts";
export type { TreeFunction } from "./oracles/directional.ts";
export { closedForms, expressionDerivative, type PartialDerivative } from "./oracles/expressions.ts";
export type { CaseFamily, PrimitiveCase, Values } from "./primitiveCases/primitiveCase.ts";
export {
  caseFamilies,
  type PrimitiveCaseOptions,
  primitiveCases,
  primitiveCasesOfAnyType,
  primitiveNames,
} from "./primitiveCases/primitiveCases.ts";
export type { Kind, Move } from "./randomPrograms/move.ts";
export { moves } from "./randomPrograms/moves.ts";
export { type RandomProgram, type RandomProgramOptions, randomPrograms } from "./randomPrograms/randomPrograms.ts";
export { type BoundedResult, type ErrorBoundOptions, errorBounds } from "./rounding/errorBounds.ts";
export { type Coverage, expectWithin } from "./rounding/expectWithin.ts";
export { isReordered, ulpsOfPrimitive } from "./rounding/rules.ts";
export { defaultSeed, type ForAllOptions, forAll, withSeed } from "./seed.ts";
export { ulpOf, ulpsApart } from "./ulp.ts";
