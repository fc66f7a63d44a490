import { concat, oneHot, optionsOf, type Tensor, type TensorLike, zeros } from "@pushforward/tensor";
import type { ActivationName } from "../layers/activations.ts";
import { type EmbeddingSpec, makeEmbedding } from "../layers/embeddings.ts";
import type { InitializerName } from "../layers/initializers.ts";
import { checkWhole } from "../layers/layer.ts";
import { labelsOf } from "./classLabels.ts";
import { checkPoints, columns } from "./columns.ts";
import { checkGuidance, type GuidanceInput, guidanceInput } from "./guidanceScale.ts";
import { checkParams, type MlpParams, mlp } from "./mlp.ts";
import type { Conditions, FlowNetwork } from "./network.ts";

/** Settings of a network in x and times. */
export interface FlowNetworkOptions extends GuidanceInput {
  /** Dimension of x. */
  readonly dim: number;
  /** Width of the hidden layers; default 64. */
  readonly width?: number;
  /** Number of hidden layers; default 3. */
  readonly depth?: number;
  /** Default silu. */
  readonly activation?: ActivationName;
  /** Embedding of the times; default `{ kind: "sinusoidal" }`. */
  readonly embedding?: EmbeddingSpec;
  /** Initialiser of the hidden layers; default heNormal. */
  readonly init?: InitializerName;
  /** Initialiser of the last layer; default zeros: the network starts as the zero velocity, and its first tangents are zero everywhere. */
  readonly lastInit?: InitializerName;
}

/**
 * A multilayer perceptron of x and embedded times.
 *
 *   mlp([x, e(τ₁), y, e(τ₂), …, e(1 − 1/ω)])
 *
 * y is 1 in the column of the class and 0 elsewhere, for networks with classes. ω is the scale of a guidance, for networks that take it.
 *
 * @param count number of times
 */
function timeConditionedMlp(operation: string, options: FlowNetworkOptions, count: number) {
  const {
    dim,
    classes,
    width = 64,
    depth = 3,
    embedding = { kind: "sinusoidal" },
    activation,
    init,
    lastInit = "zeros",
    guidance = false,
  } = optionsOf(operation, options, "guidance");
  checkWhole(operation, "dim", dim, 1);
  checkWhole(operation, "width", width, 1);
  checkWhole(operation, "depth", depth, 0);
  const { size, embed } = makeEmbedding(embedding);
  if (classes !== undefined) checkWhole(operation, "classes", classes, 1);
  checkGuidance(operation, options);
  const labelSize = classes === undefined ? 0 : classes + 1;
  const sizes = [dim + (guidance ? count + 1 : count) * size + labelSize, ...new Array<number>(depth).fill(width), dim];
  const body = mlp({ sizes, activation, init, lastInit });
  return {
    whole: {
      init: body.init,
      lastLayer: ({ layers }: MlpParams) => layers[layers.length - 1],
      startingAs: (velocity: MlpParams) => withInputs(velocity, sizes[0]),
    },
    check: (params: MlpParams, x: Tensor): void => {
      checkParams(operation, params, sizes);
      checkPoints(operation, x, dim);
    },
    apply: (params: MlpParams, x: Tensor, times: readonly Tensor[], [labels, omega]: Conditions): Tensor => {
      const given = labelsOf(operation, labels as Tensor | undefined, x.shape.slice(0, -1), classes);
      const columnsOfLabels = given
        ? [oneHot(given, labelSize, x.dtype).reshape([...x.shape.slice(0, -1), labelSize])]
        : [];
      // Inputs that a velocity network has come first, so that a network of two times can begin as one.
      const scale = guidanceInput(operation, x, omega, options);
      const [first, ...rest] = [...times, ...(scale ? [scale] : [])].map(embed);
      return body.apply(params, concat([x, first, ...columnsOfLabels, ...rest], x.rank - 1));
    },
  };
}

/** The same perceptron with more inputs, which it multiplies by 0. */
function withInputs(params: MlpParams, count: number): MlpParams {
  const [{ weight, bias }, ...rest] = params.layers;
  const missing = count - weight.shape[0];
  if (missing === 0) return params;
  const rows = zeros([missing, weight.shape[1]], { dtype: weight.dtype });
  return { layers: [{ weight: concat([weight, rows], 0), bias }, ...rest] };
}

/**
 * A network for velocities v(x, t): x [batch, dim], t a scalar or [batch, 1].
 *
 * @returns `apply(params, x, t, labels?, omega?)` → [batch, dim], labels int32[batch] for a network with classes, the scale ω for one with guidance
 */
export function velocityNetwork(
  options: FlowNetworkOptions,
): FlowNetwork<MlpParams, readonly [t: TensorLike, ...Conditions]> {
  const { whole, check, apply } = timeConditionedMlp("velocityNetwork", options, 1);
  return {
    ...whole,
    apply: (params, x, t, ...conditions) => {
      check(params, x);
      return apply(params, x, columns("velocityNetwork", x, [t]), conditions);
    },
  };
}

/**
 * A network for average velocities u(x, s, t) from s to t, with s ≤ t or s > t: x [batch, dim], times scalars or [batch, 1].
 *
 * The embedded times are s and t − s, so that the diagonal t = s is one point of the second embedding.
 *
 * @returns `apply(params, x, s, t, labels?, omega?)` → [batch, dim], labels int32[batch] for a network with classes, the scale ω for one with guidance
 * @source  Geng et al. 2025 (MeanFlow), comparison of time embeddings: the start time and the step gave the best results
 */
export function averageVelocityNetwork(
  options: FlowNetworkOptions,
): FlowNetwork<MlpParams, readonly [s: TensorLike, t: TensorLike, ...Conditions]> {
  const { whole, check, apply } = timeConditionedMlp("averageVelocityNetwork", options, 2);
  return {
    ...whole,
    apply: (params, x, s, t, ...conditions) => {
      check(params, x);
      const [start, end] = columns("averageVelocityNetwork", x, [s, t]);
      return apply(params, x, [start, end.sub(start)], conditions);
    },
  };
}
