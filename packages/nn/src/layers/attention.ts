import { DomainError, matmul, optionsOf, softmax, swapAxes, type Tensor } from "@pushforward/tensor";
import { checkFeatures, checkWhole, type Layer, makeLayer } from "./layer.ts";
import { affine, type LinearParams, linear } from "./linear.ts";
import { divideByRoot } from "./normalization.ts";
import { type RmsNormParams, rmsNorm } from "./rmsNorm.ts";

/** Parameters of layers.attention. */
export interface AttentionParams {
  /** Queries, keys and values next to each other: [dim, 3·dim]; heads are neighbouring features of each. */
  readonly qkv: LinearParams;
  readonly proj: LinearParams;
  /** Scales of normalised queries, [dim/heads]; with `qkNorm` alone. */
  readonly qNorm?: RmsNormParams;
  /** Scales of normalised keys. */
  readonly kNorm?: RmsNormParams;
}

/** Settings of layers.attention. */
export interface AttentionOptions {
  /** Number of features. */
  readonly dim: number;
  /** Number of heads, a divisor of `dim`. */
  readonly heads: number;
  /** Whether queries and keys are divided by their root mean square, so that scores stay bounded; default false. */
  readonly qkNorm?: boolean;
}

/**
 * Attention of every token to all tokens, with several heads.
 *
 *   softmax(q·kᵀ/√d)·v in every head of d = dim/heads features,   then a product with the projection
 *
 * Without positions in its input the layer does not know the order of the tokens: permuting them permutes the result.
 *
 * @returns a layer that maps [..., tokens, dim] to [..., tokens, dim]
 * @source  Vaswani et al. 2017; query-key normalisation: Henry et al. 2020, with root mean squares as in Esser et al. 2024
 * @throws  DomainError for settings out of range
 */
export function attention(options: AttentionOptions): Layer<AttentionParams> {
  const { dim, heads, qkNorm = false } = optionsOf("attention", options, "qkNorm");
  checkWhole("attention", "dim", dim, 1);
  checkWhole("attention", "heads", heads, 1);
  if (dim % heads !== 0) throw new DomainError(`attention: heads must divide dim ${dim}, got ${heads}`);
  const norm = qkNorm ? rmsNorm({ dim: dim / heads, epsilon }).parameters : undefined;
  const parameters = {
    qkv: linear({ in: dim, out: 3 * dim }).parameters,
    proj: linear({ in: dim, out: dim }).parameters,
    ...(norm ? { qNorm: norm, kNorm: norm } : {}),
  };
  return makeLayer<AttentionParams, readonly [x: Tensor]>("attention", parameters, (params, x) => {
    checkFeatures("attention", x, dim, params.qkv.weight, { rank: 2, axes: "..., tokens" });
    const [q, k, v] = [0, 1, 2].map((part) => inHeads(affine(x, partOf(params.qkv, part)), heads));
    const scores = matmul(scaled(q, params.qNorm), swapAxes(scaled(k, params.kNorm), -1, -2));
    const mixed = matmul(softmax(scores.mul(Math.sqrt(heads / dim))), v);
    return affine(swapAxes(mixed, -2, -3).reshape(x.shape), params.proj);
  });
}

const epsilon = 1e-6;

/**
 * Queries, keys or values of the common layer. Its weights are cut, and not its result: cut weights have small cotangents, while those of a
 * cut result are as large as all tokens, three times.
 */
function partOf({ weight, bias }: LinearParams, part: number): LinearParams {
  const dim = weight.shape[0];
  const range = [part * dim, (part + 1) * dim] as const;
  return { weight: weight.slice(null, range), bias: bias?.slice(range) };
}

/** [..., tokens, dim] as [..., heads, tokens, dim/heads]. */
const inHeads = (x: Tensor, heads: number): Tensor =>
  swapAxes(x.reshape([...x.shape.slice(0, -1), heads, x.shape[x.rank - 1] / heads]), -2, -3);

/** Queries or keys with root mean square 1, times their scale. */
const scaled = (x: Tensor, norm: RmsNormParams | undefined): Tensor =>
  norm === undefined ? x : divideByRoot(x, -1, epsilon).mul(norm.weight);
