export { clipByGlobalNorm, globalNorm, withClipping } from "./clip.ts";
export { type Ema, type EmaOptions, type EmaSet, type EmaState, ema, emaSet } from "./ema.ts";
export { type Activation, type ActivationName, activations } from "./layers/activations.ts";
export {
  type EmbeddingSpec,
  embeddings,
  type FourierOptions,
  fourierEmbedding,
  makeEmbedding,
  type SinusoidalOptions,
  sinusoidalEmbedding,
  type TimeEmbedding,
} from "./layers/embeddings.ts";
export { type Initializer, type InitializerName, initializers } from "./layers/initializers.ts";
export { averageVelocityNetwork, type FlowNetworkOptions, velocityNetwork } from "./networks/flowNetwork.ts";
export { type LayerParams, type MlpOptions, type MlpParams, mlp } from "./networks/mlp.ts";
export type { FlowNetwork, Network, ParameterOptions } from "./networks/network.ts";
export { type AdamOptions, type AdamWOptions, adam, adamW } from "./optimizers/adam.ts";
export { type OptimizerName, optimizers } from "./optimizers/index.ts";
export type { LearningRate, Optimizer, OptimizerState, UpdateOptions } from "./optimizers/optimizer.ts";
export { type SgdOptions, sgd } from "./optimizers/sgd.ts";
export {
  constant,
  cosine,
  inverseSquareRoot,
  linear,
  product,
  type Schedule,
  schedules,
  sequence,
  warmup,
  warmupCosine,
} from "./schedules.ts";
