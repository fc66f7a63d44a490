export { checkedFunction, checkPoints, checkSameShape, checkTimes } from "./callChecks.ts";
export {
  type CheckFlowMapOptions,
  type Counterexample,
  checkFlowMap,
  type FlowMapLaw,
  type FlowMapReport,
  flowMapLaws,
  type LawReport,
} from "./checkFlowMap.ts";
export type { Distribution, ExactDistribution, SampleOptions } from "./distributions/distribution.ts";
export { type FileDistribution, type FromFileOptions, fromFile } from "./distributions/fromFile.ts";
export { type Gaussian, type GaussianParameters, gaussian } from "./distributions/gaussian.ts";
export { klDivergence, pathKl, scoreGap, velocityGap } from "./distributions/gaussianDivergence.ts";
export {
  type GaussianMixture,
  type GaussianMixtureParameters,
  gaussianMixture,
} from "./distributions/gaussianMixture.ts";
export {
  type LinearGenerator,
  type LinearGeneratorParameters,
  linearGenerator,
} from "./distributions/linearGenerator.ts";
export { type Scaling, type ScalingName, scalings } from "./distributions/scaling.ts";
export { type SymmetricEigen, symmetricEigen } from "./distributions/symmetricEigen.ts";
export {
  checkerboard,
  eightGaussians,
  eightGaussiansLaw,
  moons,
  pinwheel,
  rings,
  swissRoll,
  type Toy,
  type ToyName,
  toys,
  twoSpirals,
} from "./distributions/toys.ts";
export { type ExpmOptions, expm } from "./expm.ts";
export type { AverageVelocity, ExactFlow, FlowMap, TimeField, TimePairField, VelocityField } from "./flow.ts";
export { averageVelocityOf } from "./flowMaps/averageVelocity.ts";
export { ctmFlowMap, ctmVelocity } from "./flowMaps/ctm.ts";
export { linearOde, pointMass } from "./flowMaps/exact.ts";
export { firstOrderFlowMap } from "./flowMaps/firstOrder.ts";
export { type FlowMapForm, flowMapForms, formNetworks } from "./flowMaps/forms.ts";
export {
  type Bijection,
  type Conditioner,
  chain,
  couplingLayer,
  invertibleFlowMap,
  invertibleVelocity,
  type RandomBijectionOptions,
  randomBijection,
} from "./flowMaps/invertible.ts";
export { type PmfOptions, pmfPrediction, pmfVelocity } from "./flowMaps/pmf.ts";
export { quantileFlow } from "./flowMaps/quantile.ts";
export {
  type SecondOrderOptions,
  secondOrderCorrection,
  secondOrderFlowMap,
  secondOrderVelocity,
} from "./flowMaps/secondOrder.ts";
export { solverFlowMap } from "./flowMaps/solver.ts";
export {
  type TrigAngle,
  type TrigFlowOptions,
  trigAngle,
  trigFlowNetwork,
  trigFlowVelocity,
} from "./flowMaps/trigFlow.ts";
export { FormulaError } from "./formulaError.ts";
export { formulaFunction } from "./formulaFunction.ts";
export { type FormulaOptions, formulaVelocity } from "./formulaVelocity.ts";
export { type IntegrateOptions, integrate, type Trajectory, trajectory } from "./integrate.ts";
export {
  conditionalVelocity,
  edm,
  fromLinearPath,
  type Interpolant,
  interpolants,
  interpolate,
  linear,
  linearTime,
  pathScale,
  toLinearPath,
  trigFlow,
  trigonometric,
  variancePreserving,
  velocityFromPath,
  velocityOnPath,
} from "./interpolants.ts";
export { type MarginalSdeOptions, marginalSde, type Sde } from "./marginalSde.ts";
export { type ConversionOptions, convertField, convertPrediction, type Prediction, predictions } from "./prediction.ts";
export { type PlainCase, shrink } from "./shrink.ts";
export { type SolverName, solverOf, solvers } from "./solvers/index.ts";
export * from "./solvers/methods.ts";
export type { EmbeddedStep, OdeSolver, Reference, SdeSolver, Solver } from "./solvers/solver.ts";
export { learnedVelocity, linearVelocity, pointMassVelocity } from "./velocity.ts";
