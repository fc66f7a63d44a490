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
  /** Of 1 − 1/ω for the scale ω of a guidance; with guidance alone. */
  readonly omegaEmbedder?: TimeParams;
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
  /** Whether there is a scale of guidance; default false. */
  readonly guidance?: boolean;
}

/** The vector that tells a network its times and its class. */
export interface Conditioning {
  readonly parameters: ParametersOf<ConditioningParams>;
  /**
   * @param times  s and t − s, or one time: [batch, 1]
   * @param labels int32 [batch]
   * @param scale  1 − 1/ω, [batch, 1]
   * @returns [batch, dim]
   */
  apply(
    params: ConditioningParams,
    times: readonly Tensor[],
    labels: Tensor | undefined,
    scale: Tensor | undefined,
  ): Tensor;
}

/**
 * The sum of perceptrons of embedded times and of a row for the class.
 *
 *   c = f(e(s)) + g(e(t − s)) + h(e(1 − 1/ω)) + y,   f, g and h of the form W₂·silu(W₁·e + b₁) + b₂
 *
 * @source Peebles and Xie 2023 (DiT); the step as second time: Geng et al. 2025 (MeanFlow); the scale of guidance: Geng et al. 2025 (improved MeanFlow)
 */
export function conditioning({
  dim,
  times,
  embedding: spec,
  classes,
  guidance = false,
}: ConditioningOptions): Conditioning {
  const { size, embed } = makeEmbedding(spec);
  const perceptron = { fc1: smallLinear(size, dim), fc2: smallLinear(dim, dim) };
  return {
    parameters: {
      tEmbedder: perceptron,
      ...(times === 2 ? { hEmbedder: perceptron } : {}),
      ...(guidance ? { omegaEmbedder: perceptron } : {}),
      ...(classes === undefined ? {} : { yEmbedder: embedding({ count: classes + 1, dim }).parameters }),
    },
    apply: ({ tEmbedder, hEmbedder, omegaEmbedder, yEmbedder }, at, labels, scale) => {
      const told = ({ fc1, fc2 }: TimeParams, value: Tensor): Tensor => affine(silu(affine(embed(value), fc1)), fc2);
      const parts = [told(tEmbedder, at[0])];
      if (hEmbedder !== undefined) parts.push(told(hEmbedder, at[1]));
      if (omegaEmbedder !== undefined) parts.push(told(omegaEmbedder, scale as Tensor));
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
 * Parameters of a network with one time as those of the same network with a step or with the scale of a guidance, which change nothing. Their
 * perceptrons keep hidden features, so that the zero weights above them receive a gradient.
 */
export function withIdle<P extends ConditioningParams>(
  params: P,
  { times, guidance = false }: Pick<ConditioningOptions, "times" | "guidance">,
): P {
  const missing = [
    ...(times === 2 && !params.hEmbedder ? ["hEmbedder"] : []),
    ...(guidance && !params.omegaEmbedder ? ["omegaEmbedder"] : []),
  ];
  if (missing.length === 0) return params;
  const { fc1, fc2 } = params.tEmbedder;
  const none = (x: Tensor | undefined): Tensor | undefined => x?.mul(0);
  const idle = { fc1, fc2: { weight: none(fc2.weight), bias: none(fc2.bias) } };
  return { ...params, ...Object.fromEntries(missing.map((name) => [name, idle])) };
}
