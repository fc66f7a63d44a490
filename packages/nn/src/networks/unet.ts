import { checkpoint } from "@pushforward/autodiff";
import { concat, DomainError, mustBe, optionsOf, silu, type Tensor } from "@pushforward/tensor";
import { conv, convolved } from "../layers/conv.ts";
import { groupNorm } from "../layers/groupNorm.ts";
import { checkWhole, type ParametersOf } from "../layers/layer.ts";
import type { NormParams } from "../layers/layerNorm.ts";
import { affine, type LinearParams, linear } from "../layers/linear.ts";
import { averagePool, upsample } from "../pictures/resample.ts";
import type { ConditioningParams } from "./conditioning.ts";
import { checkPictureOptions, type PictureNetwork, type PictureOptions, pictureNetwork } from "./pictureNetwork.ts";

/** Parameters of a residual block of convolutions. */
export interface ResnetParams {
  readonly norm1: NormParams;
  readonly conv1: LinearParams;
  /** Scale and shift of the second normalisation, from the vector of times and class. */
  readonly timeEmbProj: LinearParams;
  readonly norm2: NormParams;
  readonly conv2: LinearParams;
  /** [1, 1, in, out]; where the number of channels changes. */
  readonly convShortcut?: LinearParams;
}

/** Parameters of a U-Net. */
export interface UnetParams extends ConditioningParams {
  readonly convIn: LinearParams;
  /** From the largest picture to the smallest. */
  readonly downBlocks: readonly ResnetParams[];
  readonly midBlock: ResnetParams;
  /** From the smallest picture to the largest. */
  readonly upBlocks: readonly ResnetParams[];
  readonly convNormOut: NormParams;
  readonly convOut: LinearParams;
}

/** Settings of unet. */
export interface UnetOptions<N extends 1 | 2 = 2> extends PictureOptions<N> {
  /** Number of channels at full size; default 16. */
  readonly width?: number;
  /** Channels of every level as multiples of `width`; each level has half the height and width of the one before. Default [1, 2, 2]. */
  readonly levels?: readonly number[];
  /** Groups of channels of the normalisations, a divisor of `width`; default the largest of 8, 4, 2, 1 that is one. */
  readonly groups?: number;
  /** Whether a gradient computes each block again instead of keeping its values; default false. */
  readonly checkpoint?: boolean;
}

/**
 * U-Net: residual blocks of convolutions on smaller and smaller pictures and back, with the pictures of the way down beside those of the way up.
 *
 *   block:  x ↦ shortcut(x) + conv₂(silu(norm₂(conv₁(silu(norm₁(x))))·(1 + b) + a)),   b and a from the vector of times and class
 *
 * With `zeroOutputs` the second convolution of every block and the last layer start at 0. The network then is the zero velocity, and its tangents
 * in x and in the times are zero everywhere: a derivative along a path teaches nothing until the first update.
 *
 * @returns a network whose `apply(params, x, s, t, labels?, omega?)` maps [batch, height·width·channels] to the same shape
 * @source  Ronneberger et al. 2015; the block: Nichol and Dhariwal 2021, with the names of the blocks of diffusers
 * @throws  DomainError or ShapeError for settings out of range
 */
export function unet<N extends 1 | 2 = 2>(options: UnetOptions<N>): PictureNetwork<UnetParams, N> {
  const {
    image,
    width = 16,
    levels = [1, 2, 2],
    groups = divisorOf(width),
    zeroOutputs = true,
  } = optionsOf("unet", options, "checkpoint");
  checkPictureOptions("unet", options);
  checkSizes(image, width, levels);
  const channels = levels.map((level) => level * width);
  const dim = 4 * width;
  const normOf = (count: number) => groupNorm({ channels: count, groups });
  const plain = (params: ResnetParams, x: Tensor, c: Tensor): Tensor => resnet(params, x, c, normOf);
  const block = options.checkpoint ? checkpoint(plain) : plain;
  return pictureNetwork<UnetParams, N>("unet", options, dim, {
    parameters: unetParameters({ channels, dim, colors: image[2], zeroOutputs, normOf }),
    apply: ({ convIn, downBlocks, midBlock, upBlocks, convNormOut, convOut }, x, c) => {
      const gate = silu(c);
      const passed: Tensor[] = [];
      for (const params of downBlocks) {
        const last = passed.at(-1);
        passed.push(block(params, last === undefined ? convolved(x, convIn) : averagePool(last), gate));
      }
      const deepest = block(midBlock, passed[passed.length - 1], gate);
      const end = upBlocks.reduce((h, params, i) => {
        const beside = passed[passed.length - 1 - i];
        return block(params, concat([i === 0 ? h : upsample(h), beside], 3), gate);
      }, deepest);
      return convolved(silu(normOf(channels[0]).apply(convNormOut, end)), convOut);
    },
    lastLayer: ({ convOut }) => convOut,
  });
}

/** One residual block; c is the vector of times and class after silu, [batch, dim]. */
function resnet(
  { norm1, conv1, timeEmbProj, norm2, conv2, convShortcut }: ResnetParams,
  x: Tensor,
  c: Tensor,
  normOf: (channels: number) => ReturnType<typeof groupNorm>,
): Tensor {
  const hidden = convolved(silu(normOf(x.shape[3]).apply(norm1, x)), conv1);
  const [scale, shift] = affine(c, timeEmbProj)
    .split(2, 1)
    .map((part) => part.reshape([part.shape[0], 1, 1, part.shape[1]]));
  const told = normOf(hidden.shape[3]).apply(norm2, hidden).mul(scale.add(1)).add(shift);
  const shortcut = convShortcut === undefined ? x : convolved(x, convShortcut);
  return shortcut.add(convolved(silu(told), conv2));
}

/** Sizes and layers that decide the parameters of a U-Net. */
interface UnetShape {
  /** Channels of every level. */
  readonly channels: readonly number[];
  readonly dim: number;
  readonly colors: number;
  readonly zeroOutputs: boolean;
  readonly normOf: (channels: number) => ReturnType<typeof groupNorm>;
}

function unetParameters({
  channels,
  dim,
  colors,
  zeroOutputs,
  normOf,
}: UnetShape): Omit<ParametersOf<UnetParams>, keyof ConditioningParams> {
  const init = zeroOutputs ? "zeros" : "glorotUniform";
  const blockOf = (inputs: number, out: number): ParametersOf<ResnetParams> => ({
    norm1: normOf(inputs).parameters,
    conv1: conv({ in: inputs, out }).parameters,
    timeEmbProj: linear({ in: dim, out: 2 * out }).parameters,
    norm2: normOf(out).parameters,
    conv2: conv({ in: out, out, init }).parameters,
    ...(inputs === out ? {} : { convShortcut: conv({ in: inputs, out, kernel: 1 }).parameters }),
  });
  const deepest = channels[channels.length - 1];
  const upwards = [...channels].reverse();
  return {
    convIn: conv({ in: colors, out: channels[0] }).parameters,
    downBlocks: channels.map((out, i) => blockOf(channels[Math.max(0, i - 1)], out)),
    midBlock: blockOf(deepest, deepest),
    upBlocks: upwards.map((out, i) => blockOf(upwards[Math.max(0, i - 1)] + out, out)),
    convNormOut: normOf(channels[0]).parameters,
    convOut: conv({ in: channels[0], out: colors, init }).parameters,
  };
}

/** The largest of 8, 4, 2, 1 that divides a number of channels. */
const divisorOf = (width: number): number => [8, 4, 2].find((groups) => width % groups === 0) ?? 1;

function checkSizes([height, wide]: readonly number[], width: number, levels: readonly number[]): void {
  checkWhole("unet", "width", width, 1);
  mustBe("unet", "levels", levels, "list");
  if (levels.length === 0) throw new DomainError("unet: levels must hold at least one multiple of width, got none");
  for (const [i, level] of levels.entries()) checkWhole("unet", `level ${i}`, level, 1);
  const factor = 2 ** (levels.length - 1);
  if (height % factor === 0 && wide % factor === 0) return;
  throw new DomainError(
    `unet: ${levels.length} levels halve a picture ${levels.length - 1} times, which needs height and width divisible by ${factor}, got ${height} × ${wide}`,
  );
}
