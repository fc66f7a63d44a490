import { checkpoint } from "@pushforward/autodiff";
import { DomainError, gelu, optionsOf, silu, type Tensor } from "@pushforward/tensor";
import { type AttentionParams, attention } from "../layers/attention.ts";
import { type Initializer, initializers } from "../layers/initializers.ts";
import { checkWhole, Parameter, type ParametersOf } from "../layers/layer.ts";
import { affine, type LinearParams, linear } from "../layers/linear.ts";
import { standardized } from "../layers/normalization.ts";
import { gridOf, patchify, unpatchify } from "../pictures/patchify.ts";
import { positions2d } from "../pictures/positions2d.ts";
import type { ConditioningParams } from "./conditioning.ts";
import { checkPictureOptions, type PictureNetwork, type PictureOptions, pictureNetwork } from "./pictureNetwork.ts";

/** Parameters of a block of a diffusion transformer. */
export interface DitBlockParams {
  readonly attn: AttentionParams;
  readonly mlp: { readonly fc1: LinearParams; readonly fc2: LinearParams };
  /** Shift, scale and gate of the attention, then of the perceptron: [dim, 6·dim]. */
  readonly adaLN: LinearParams;
}

/** Parameters of a diffusion transformer, with the names of the official code in camel case. */
export interface DitParams extends ConditioningParams {
  /** The layer of a patch, as a kernel [patch, patch, channels, dim]. */
  readonly xEmbedder: { readonly proj: LinearParams };
  readonly blocks: readonly DitBlockParams[];
  /** Shift and scale [dim, 2·dim], and the layer that makes a patch of a token. */
  readonly finalLayer: { readonly adaLN: LinearParams; readonly linear: LinearParams };
}

/** Settings of dit. */
export interface DitOptions<N extends 1 | 2 = 2> extends PictureOptions<N> {
  /** Side of a patch in pixels, a divisor of height and width. */
  readonly patch: number;
  /** Features of a token, a multiple of 4 and of `heads`; default 64. */
  readonly dim?: number;
  /** Number of blocks; default 2. */
  readonly depth?: number;
  /** Heads of the attention; default 4. */
  readonly heads?: number;
  /** Width of the perceptron of a block, as a multiple of `dim`; default 4. */
  readonly mlpRatio?: number;
  /** Whether queries and keys are normalised; default false. */
  readonly qkNorm?: boolean;
  /** Whether a gradient computes each block again instead of keeping its values; default false. */
  readonly checkpoint?: boolean;
}

/**
 * Diffusion transformer: patches of a picture as tokens, blocks of attention and perceptrons, each shifted, scaled and gated by the vector of
 * times and class.
 *
 *   x ← x + g₁·attention(modulate(norm(x), a₁, b₁)),   x ← x + g₂·mlp(modulate(norm(x), a₂, b₂)),   modulate(x, a, b) = x·(1 + b) + a
 *
 * With `zeroOutputs` all gates and the last layer start at 0. The network then is the zero velocity, and its tangents in x and in the
 * times are zero everywhere: a derivative along a path teaches nothing until the first update.
 *
 * @returns a network whose `apply(params, x, s, t, labels?, omega?)` maps [batch, height·width·channels] to the same shape
 * @source  Peebles and Xie 2023, "Scalable diffusion models with transformers", adaLN-Zero
 * @throws  DomainError or ShapeError for settings out of range
 */
export function dit<N extends 1 | 2 = 2>(options: DitOptions<N>): PictureNetwork<DitParams, N> {
  const settings = withDefaults(optionsOf("dit", options, "checkpoint"));
  checkPictureOptions("dit", options);
  for (const name of ["patch", "dim", "depth", "mlpRatio"] as const) checkWhole("dit", name, settings[name], 1);
  if (settings.dim % 4 !== 0) throw new DomainError(`dit: dim must be a multiple of 4, got ${settings.dim}`);
  const { dim, image, patch } = settings;
  const grid = gridOf("dit", image, patch);
  const places = positions2d(grid, dim);
  const attend = attention(settings);
  const block = (x: Tensor, c: Tensor, params: DitBlockParams): Tensor => blockOf(x, c, params, attend.apply);
  const run = options.checkpoint ? checkpoint(block) : block;
  return pictureNetwork<DitParams, N>("dit", options, dim, {
    parameters: ditParameters(settings, attend.parameters),
    apply: ({ xEmbedder, blocks, finalLayer }, x, c) => {
      const { weight, bias } = xEmbedder.proj;
      const tokens = affine(patchify(x, patch), { weight: weight.reshape([-1, dim]), bias });
      const start = tokens.add(places.cast(x.dtype));
      const gate = silu(c);
      const end = blocks.reduce((h, params) => run(h, gate, params), start);
      const [shift, scale] = partsOf(affine(gate, finalLayer.adaLN), 2);
      return unpatchify(affine(modulate(normalized(end), shift, scale), finalLayer.linear), image, patch);
    },
    lastLayer: ({ finalLayer }) => finalLayer.linear,
  });
}

/** One block; c is the vector of times and class after silu, [batch, dim]. */
function blockOf(
  x: Tensor,
  c: Tensor,
  { attn, mlp, adaLN }: DitBlockParams,
  attend: (params: AttentionParams, x: Tensor) => Tensor,
): Tensor {
  const [a1, b1, g1, a2, b2, g2] = partsOf(affine(c, adaLN), 6);
  const mixed = x.add(g1.mul(attend(attn, modulate(normalized(x), a1, b1))));
  const hidden = gelu(affine(modulate(normalized(mixed), a2, b2), mlp.fc1), { approximate: true });
  return mixed.add(g2.mul(affine(hidden, mlp.fc2)));
}

/** Parts of a vector per picture, [batch, 1, dim] each. */
const partsOf = (x: Tensor, count: number): Tensor[] =>
  x.split(count, 1).map((part) => part.reshape([part.shape[0], 1, part.shape[1]]));

const modulate = (x: Tensor, shift: Tensor, scale: Tensor): Tensor => x.mul(scale.add(1)).add(shift);

/** @source Peebles and Xie 2023, official code: layer norms without scale and shift, ε = 1e-6 */
const normalized = (x: Tensor): Tensor => standardized(x, -1, 1e-6);

/** Settings of a transformer with their defaults. */
type DitSettings = ReturnType<typeof withDefaults>;

function withDefaults(options: DitOptions<1 | 2>) {
  const { dim = 64, depth = 2, heads = 4, mlpRatio = 4 } = options;
  return { ...options, dim, depth, heads, mlpRatio };
}

function ditParameters(
  { image, patch, dim, depth, mlpRatio, zeroOutputs = true }: DitSettings,
  attn: ParametersOf<AttentionParams>,
): Omit<ParametersOf<DitParams>, keyof ConditioningParams> {
  const channels = image[2];
  const dense = (inputs: number, out: number) => linear({ in: inputs, out }).parameters;
  const output = (inputs: number, out: number) =>
    linear({ in: inputs, out, init: zeroOutputs ? "zeros" : "glorotUniform" }).parameters;
  const block = {
    attn,
    mlp: { fc1: dense(dim, mlpRatio * dim), fc2: dense(mlpRatio * dim, dim) },
    adaLN: output(dim, 6 * dim),
  };
  return {
    xEmbedder: {
      proj: {
        weight: new Parameter([patch, patch, channels, dim], ofMatrix),
        bias: new Parameter([dim], initializers.zeros),
      },
    },
    blocks: new Array<typeof block>(depth).fill(block),
    finalLayer: { adaLN: output(dim, 2 * dim), linear: output(dim, patch * patch * channels) },
  };
}

/** A kernel of patches that do not overlap starts as the matrix [patch·patch·channels, dim] that it is. */
const ofMatrix: Initializer = (key, shape, options) =>
  initializers
    .glorotUniform(key, [shape.slice(0, -1).reduce((a, b) => a * b, 1), shape[shape.length - 1]], options)
    .reshape(shape);
