import "./ops/methods.ts";

export {
  arange,
  type CreationOptions,
  eye,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  tensor,
  tri,
  zeros,
  zerosLike,
} from "./array/creation.ts";
export { decimalOf } from "./array/decimalOf.ts";
export {
  allocate,
  bytesPerElement,
  type DType,
  dtypeOfArray,
  dtypes,
  epsilonOf,
  isFloat,
  type TypedArray,
} from "./array/dtype.ts";
export { BackendError, DomainError, DTypeError, ShapeError } from "./array/errors.ts";
export type { TensorValues } from "./array/flattenValues.ts";
export { jsonDepth } from "./array/jsonDepth.ts";
export type { Layout } from "./array/layout.ts";
export { type Entries, leavesAlong } from "./array/leavesAlong.ts";
export { type ArgumentKind, inWords, mustBe, optionsOf } from "./array/mustBe.ts";
export { PendingTensor, ready } from "./array/pending.ts";
export { quote, shorten } from "./array/quote.ts";
export {
  type Axes,
  broadcastShapes,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  type Shape,
  sameShape,
  sizeOf,
  stridesOf,
} from "./array/shape.ts";
export { closestNames, didYouMean, mustBeOneOf } from "./array/suggest.ts";
export { DenseTensor, fromData, type NestedArray, Tensor, type TensorLike, weakScalar } from "./array/tensor.ts";
export { type TensorType, typeOf } from "./array/tensorType.ts";
export {
  checkStructure,
  checkSync,
  type Flattened,
  flatten,
  type Leaf,
  registerTreeClass,
  type Structure,
  type Sync,
  structureKey,
  type Tree,
  type TreeClass,
  type TreeOf,
  treeLeaves,
  treeMap,
  unflatten,
} from "./array/tree.ts";
export type { AsyncBackend, AsyncExecutable } from "./backends/asyncBackend.ts";
export type { Backend, BackendDescription, Executable, PlanTimes } from "./backends/backend.ts";
export { type Device, devices } from "./backends/devices.ts";
export type { GpuMode } from "./backends/gpujs/gpuDevice.ts";
export { type GpujsOptions, makeGpujs } from "./backends/gpujs/gpujsBackend.ts";
export {
  allBackends,
  asyncBackends,
  type BackendName,
  backends,
  backendVariable,
  defaultBackend,
} from "./backends/index.ts";
export { type Compiled, type CompileOptions, type CompileReport, compile, type Profile } from "./compile.ts";
export { dropUnused, mergeEqual, simplify } from "./compiler/simplify.ts";
export { evaluate, evaluation } from "./interpret/evaluation.ts";
export {
  bind,
  call,
  currentGroup,
  currentInterpreter,
  currentLabel,
  type Group,
  grouped,
  inGroup,
  isEager,
  labelled,
  named,
  under,
} from "./interpret/interpreter.ts";
export { type Callable, type Interpreter, Tracer } from "./interpret/tracer.ts";
export { countUnnamed, describeColumns, placeOfColumn, placesOfColumns } from "./io/columns.ts";
export { formatCsv, parseCsv, type Table } from "./io/csv.ts";
export type { ChooseColumns, CsvOptions, CsvWording } from "./io/csvOptions.ts";
export { csvSeparators, separatorOf } from "./io/csvSeparators.ts";
export { type IdxHeader, type IdxOptions, parseIdx, parseIdxHeader } from "./io/idx.ts";
export { formatNpy, type NpyHeader, type NpyOptions, parseNpy, parseNpyHeader } from "./io/npy.ts";
export { type NpzFile, openNpz, parseNpz } from "./io/npz.ts";
export { formatSafetensors, parseSafetensors, type Safetensors, type SafetensorsOptions } from "./io/safetensors.ts";
export * from "./ops/arithmetic.ts";
export * from "./ops/comparison.ts";
export * from "./ops/contraction.ts";
export * from "./ops/conversion.ts";
export * from "./ops/convolution.ts";
export { einsum } from "./ops/einsum.ts";
export { type OpName, ops } from "./ops/index.ts";
export * from "./ops/indexing.ts";
export { iota } from "./ops/iota.ts";
export { concat, stack } from "./ops/joining.ts";
export type { TensorMethods } from "./ops/methods.ts";
export { asTensor, promote } from "./ops/operands.ts";
export * from "./ops/reduction.ts";
export * from "./ops/signatures.ts";
// Arrays are cut by the method x.split(parts, axis): the function `split` below is that of random keys and hides this one.
export * from "./ops/structural.ts";
export * from "./ops/transcendental.ts";
export type { CastParams, UnitFromBitsParams } from "./primitives/conversion.ts";
export type { ConvParams, Pair } from "./primitives/convolution.ts";
export {
  knownName,
  type NameWithRole,
  type PrimitiveArity,
  type PrimitiveName,
  type PrimitiveParams,
  primitiveFamilies,
  primitiveOf,
  primitives,
} from "./primitives/index.ts";
export type { AxisParams, GatherParams, ScatterAddParams } from "./primitives/indexing.ts";
export type { LabelParams } from "./primitives/marker.ts";
export { type Arity, type NoParams, noParams, type Primitive, type Role } from "./primitives/primitive.ts";
export type { CumsumParams, ReduceParams } from "./primitives/reduction.ts";
export type {
  ConcatParams,
  FlipParams,
  IotaParams,
  PadParams,
  ShapeParams,
  SliceParams,
  TransposeParams,
} from "./primitives/structural.ts";
export { constantsOf, type Equation, Variable } from "./program/equation.ts";
export { interpret, type ValueHook } from "./program/interpret.ts";
export { type PrintOptions, printProgram } from "./program/printProgram.ts";
export { checkProgram, maxEquations, Program } from "./program/program.ts";
export { type ProgramJson, programToJson } from "./program/programJson.ts";
export { programNames } from "./program/programNames.ts";
export { callerLine } from "./program/sourceLine.ts";
export { type Traced, TraceInterpreter, type TraceOptions, trace, traceFlat } from "./program/trace.ts";
export { type ProgramPlan, plan } from "./programPlan.ts";
export { bernoulli, bits, foldIn, key, keys, normal, permutation, randint, split, uniform } from "./random.ts";
