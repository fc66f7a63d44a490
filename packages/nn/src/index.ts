export { clipByGlobalNorm, globalNorm, withClipping } from "./clip.ts";
export { type Ema, type EmaOptions, type EmaSet, type EmaState, ema, emaSet } from "./ema.ts";
export { type Activation, type ActivationName, activations } from "./layers/activations.ts";
export type { AttentionOptions, AttentionParams } from "./layers/attention.ts";
export type { ConvOptions } from "./layers/conv.ts";
export type { EmbeddingOptions, EmbeddingParams } from "./layers/embedding.ts";
export {
  type EmbeddingSpec,
  embeddings,
  type FourierOptions,
  fourierEmbedding,
  makeEmbedding,
  type SinusoidalOptions,
  sinusoidalEmbedding,
  type TimeEmbedding,
  type TimestepOptions,
  timestepEmbedding,
} from "./layers/embeddings.ts";
export type { GroupNormOptions } from "./layers/groupNorm.ts";
export { type Initializer, type InitializerName, initializers } from "./layers/initializers.ts";
export type { Layer, Parameter, ParametersOf } from "./layers/layer.ts";
export type { LayerNormOptions, NormParams } from "./layers/layerNorm.ts";
export { type LayerName, layers } from "./layers/layers.ts";
export type { LinearOptions, LinearParams } from "./layers/linear.ts";
export type { RmsNormOptions, RmsNormParams } from "./layers/rmsNorm.ts";
export type { ConditioningParams, TimeParams } from "./networks/conditioning.ts";
export { type DitBlockParams, type DitOptions, type DitParams, dit } from "./networks/dit.ts";
export { averageVelocityNetwork, type FlowNetworkOptions, velocityNetwork } from "./networks/flowNetwork.ts";
export type { GuidanceInput } from "./networks/guidanceScale.ts";
export { type LayerParams, type MlpOptions, type MlpParams, mlp } from "./networks/mlp.ts";
export type { Conditions, FlowNetwork, Network, ParameterOptions } from "./networks/network.ts";
export type { PictureNetwork, PictureOptions, TimesOf } from "./networks/pictureNetwork.ts";
export { type ResnetParams, type UnetOptions, type UnetParams, unet } from "./networks/unet.ts";
export { type AdamOptions, type AdamWOptions, adam, adamW } from "./optimizers/adam.ts";
export { type OptimizerName, optimizers } from "./optimizers/index.ts";
export type { LearningRate, Optimizer, OptimizerState, UpdateOptions } from "./optimizers/optimizer.ts";
export { type SgdOptions, sgd } from "./optimizers/sgd.ts";
export { patchify, unpatchify } from "./pictures/patchify.ts";
export { positions2d } from "./pictures/positions2d.ts";
export { averagePool, upsample } from "./pictures/resample.ts";
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
export { importTorch, type TorchLayout, torchLayouts } from "./weights/importTorch.ts";
export { fromNamed, named } from "./weights/named.ts";
