import { type Shape, type Tensor, tensor } from "@pushforward/tensor";
import {
  averagePool,
  type DitParams,
  dit,
  type Layer,
  layers,
  patchify,
  positions2d,
  type UnetParams,
  unet,
  unpatchify,
  upsample,
} from "../../src/index.ts";

/** A function of parameters, arguments and whole numbers per sample, as golden.py has it under the same name. */
export interface GoldenCase {
  /** A tree like the parameters. */
  readonly like: unknown;
  readonly args: readonly Shape[];
  readonly ints?: Tensor;
  readonly f: (params: never, args: readonly Tensor[], ints: Tensor | undefined) => Tensor;
}

const key0 = tensor([0, 0], { dtype: "int32" });
const labels = tensor([0, 3, 1], { dtype: "int32" });

const ofLayer = <P>(layer: Layer<P>, shape: Shape): GoldenCase => ({
  like: layer.init(key0),
  args: [shape],
  f: (params: P, [x]) => layer.apply(params, x),
});

const ofFunction = (f: (x: Tensor) => Tensor, shape: Shape): GoldenCase => ({
  like: {},
  args: [shape],
  f: (_, [x]) => f(x),
});

const stepPadding = [
  [1, 0],
  [2, 1],
] as const;

const table = layers.embedding({ count: 4, dim: 3 });
export const pictures = dit({ image: [4, 4, 1], patch: 2, dim: 8, depth: 2, heads: 2, classes: 3 });
export const velocity = dit({
  ...{ image: [2, 4, 2], patch: 2, dim: 4, depth: 1, heads: 1, mlpRatio: 2, qkNorm: true, times: 1 },
  embedding: { kind: "timestep", size: 6, scale: 2 },
});

export const convolutions = unet({ image: [4, 4, 2], width: 2, levels: [1, 2], classes: 3 });
const flat = unet({ image: [2, 3, 1], width: 2, levels: [1], groups: 1, times: 1 });
/** All cases by name. */
export const goldenCases: Readonly<Record<string, GoldenCase>> = {
  linear: ofLayer(layers.linear({ in: 3, out: 2 }), [2, 4, 3]),
  "linear, without bias": ofLayer(layers.linear({ in: 3, out: 2, bias: false }), [2, 3]),
  layerNorm: ofLayer(layers.layerNorm({ dim: 5 }), [2, 3, 5]),
  "layerNorm, without scale": ofLayer(layers.layerNorm({ dim: 5, epsilon: 1e-6, affine: false }), [2, 5]),
  rmsNorm: ofLayer(layers.rmsNorm({ dim: 4 }), [2, 3, 4]),
  groupNorm: ofLayer(layers.groupNorm({ channels: 6, groups: 3 }), [2, 3, 2, 6]),
  "groupNorm, of vectors": ofLayer(layers.groupNorm({ channels: 4, groups: 2 }), [3, 4]),
  attention: ofLayer(layers.attention({ dim: 6, heads: 2 }), [2, 4, 6]),
  "attention, normalised": ofLayer(layers.attention({ dim: 6, heads: 3, qkNorm: true }), [2, 4, 6]),
  conv: ofLayer(layers.conv({ in: 2, out: 3 }), [2, 4, 3, 2]),
  "conv, of steps": ofLayer(
    layers.conv({ in: 2, out: 1, kernel: [3, 2], stride: [2, 1], padding: stepPadding, dilation: [1, 2] }),
    [2, 5, 6, 2],
  ),
  embedding: { like: table.init(key0), args: [], ints: labels, f: (params, _, i) => table.apply(params, i as Tensor) },
  patchify: ofFunction((x) => patchify(x, 2), [2, 4, 6, 2]),
  unpatchify: ofFunction((x) => unpatchify(x, [4, 6, 2], 2), [2, 6, 8]),
  upsample: ofFunction((x) => upsample(x), [2, 2, 3, 2]),
  averagePool: ofFunction((x) => averagePool(x), [2, 4, 6, 2]),
  positions2d: { like: {}, args: [], f: () => positions2d([2, 3], 8) },
  dit: {
    like: pictures.init(key0),
    args: [
      [3, 16],
      [3, 1],
      [3, 1],
    ],
    ints: labels,
    f: (params: DitParams, [x, s, t], i) => pictures.apply(params, x, s, t, i as Tensor),
  },
  "dit, of a velocity": {
    like: velocity.init(key0),
    args: [
      [3, 16],
      [3, 1],
    ],
    f: (params: DitParams, [x, t]) => velocity.apply(params, x, t),
  },
  unet: {
    like: convolutions.init(key0),
    args: [
      [3, 32],
      [3, 1],
      [3, 1],
    ],
    ints: labels,
    f: (params: UnetParams, [x, s, t], i) => convolutions.apply(params, x, s, t, i as Tensor),
  },
  "unet, of a velocity": {
    like: flat.init(key0),
    args: [
      [3, 6],
      [3, 1],
    ],
    f: (params: UnetParams, [x, t]) => flat.apply(params, x, t),
  },
};
