import { silu, type Tensor } from "@pushforward/tensor";
import { type EmbeddingParams, embedding } from "../layers/embedding.ts";
import { type EmbeddingSpec, makeEmbedding } from "../layers/embeddings.ts";
import { initializers } from "../layers/initializers.ts";
import { Parameter, type ParametersOf } from "../layers/layer.ts";
import { affine, type LinearParams } from "../layers/linear.ts";
import { smallNormal } from "../layers/startingValues.ts";

/** A perceptron of an embedded time. */
export interface TimeParams {
  readonly fc1: LinearParams;
  readonly fc2: LinearParams;
}

/** Parameters of the vector that tells a network its times and its class. */
export interface ConditioningParams {
  /** Of the only time, or of the time s where the step begins. */
  readonly tEmbedder: TimeParams;
  /** Of the step t − s; with two times alone. */
  readonly hEmbedder?: TimeParams;
  /** [classes + 1, dim], the last row for no class; with classes alone. */
  readonly yEmbedder?: EmbeddingParams;
}

/** Settings of the vector of times and class. */
export interface ConditioningOptions {
  readonly dim: number;
  /** Number of times. */
  readonly times: 1 | 2;
  readonly embedding: EmbeddingSpec;
  readonly classes: number | undefined;
}

/** The vector that tells a network its times and its class. */
export interface Conditioning {
  readonly parameters: ParametersOf<ConditioningParams>;
  /**
   * @param times  s and t − s, or one time: [batch, 1]
   * @param labels int32 [batch]
   * @returns [batch, dim]
   */
  apply(params: ConditioningParams, times: readonly Tensor[], labels: Tensor | undefined): Tensor;
}

/**
 * The sum of perceptrons of embedded times and of a row for the class.
 *
 *   c = f(e(s)) + g(e(t − s)) + y,   f and g of the form W₂·silu(W₁·e + b₁) + b₂
 *
 * @source Peebles and Xie 2023 (DiT); the step as second time: Geng et al. 2025 (MeanFlow)
 */
export function conditioning({ dim, times, embedding: spec, classes }: ConditioningOptions): Conditioning {
  const { size, embed } = makeEmbedding(spec);
  const perceptron = { fc1: smallLinear(size, dim), fc2: smallLinear(dim, dim) };
  return {
    parameters: {
      tEmbedder: perceptron,
      ...(times === 2 ? { hEmbedder: perceptron } : {}),
      ...(classes === undefined ? {} : { yEmbedder: embedding({ count: classes + 1, dim }).parameters }),
    },
    apply: ({ tEmbedder, hEmbedder, yEmbedder }, at, labels) => {
      const embedders = hEmbedder === undefined ? [tEmbedder] : [tEmbedder, hEmbedder];
      const parts = embedders.map(({ fc1, fc2 }, i) => affine(silu(affine(embed(at[i]), fc1)), fc2));
      if (yEmbedder !== undefined) parts.push(yEmbedder.weight.take(labels as Tensor));
      return parts.reduce((sum, part) => sum.add(part));
    },
  };
}

const smallLinear = (inputs: number, out: number): ParametersOf<LinearParams> => ({
  weight: new Parameter([inputs, out], smallNormal),
  bias: new Parameter([out], initializers.zeros),
});

/**
 * Parameters of a network with one time as those of the same network with two, of which the second changes nothing. Its perceptron keeps
 * hidden features, so that the zero weights above them receive a gradient.
 */
export function withoutStep<P extends ConditioningParams>(params: P): P {
  const { fc1, fc2 } = params.tEmbedder;
  const none = (x: Tensor | undefined): Tensor | undefined => x?.mul(0);
  return params.hEmbedder === undefined
    ? { ...params, hEmbedder: { fc1, fc2: { weight: none(fc2.weight), bias: none(fc2.bias) } } }
    : params;
}
