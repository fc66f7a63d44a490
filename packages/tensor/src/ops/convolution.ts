import { DTypeError, ShapeError } from "../array/errors.ts";
import { optionsOf } from "../array/mustBe.ts";
import { quote } from "../array/quote.ts";
import { formatShape } from "../array/shape.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import type { ConvParams, Pair } from "../primitives/convolution.ts";
import { primitives as p } from "../primitives/index.ts";
import { promote } from "./operands.ts";

/** Zeros around a picture: "same", "valid" (none), or [[top, bottom], [left, right]], where a negative number leaves rows out. */
export type ConvPadding = "same" | "valid" | readonly [Pair, Pair];

/** Options of `conv`. */
export interface ConvOptions {
  /** Distance between neighbouring windows: one number, or [rows, columns]; default 1. */
  readonly stride?: number | Pair;
  /** Default "same". */
  readonly padding?: ConvPadding;
  /** Distance between the places of a window: one number, or [rows, columns]; default 1. */
  readonly dilation?: number | Pair;
}

/**
 * Convolution of pictures: x [n, h, w, cIn] and kernel [kh, kw, cIn, cOut] → [n, oh, ow, cOut], the sum over each window of
 * x[row, column]·kernel[ky, kx]; the kernel is not turned round. With "same", oh = ⌈h / stride⌉ and an odd row of zeros comes last,
 * as in JAX.
 *
 * @throws ShapeError for other shapes, and for a kernel that is larger than the padded picture; DTypeError unless both are floats
 */
export const conv: (x: TensorLike, kernel: TensorLike, options?: ConvOptions) => Tensor = (x, kernel, options = {}) => {
  const { stride = 1, padding = "same", dilation = 1 } = optionsOf("conv", options);
  const [picture, weights] = promote("conv", [x, kernel]);
  checkOperands(picture, weights);
  const [strides, dilations] = [pairOf("stride", stride), pairOf("dilation", dilation)];
  const widths = widthsOf(padding);
  const sides = ([0, 1] as const).map((axis) => {
    const length = picture.shape[1 + axis];
    const reach = (weights.shape[axis] - 1) * dilations[axis] + 1;
    return sideOf({ length, reach, stride: strides[axis], widths: widths === "same" ? widths : widths[axis] });
  });
  if (sides.some(({ size }) => size < 0)) throw tooLarge(picture, weights, dilations);
  const params: ConvParams = {
    ...{ stride: strides, dilation: dilations, inputDilation: [1, 1] },
    low: [sides[0].low, sides[1].low],
    size: [sides[0].size, sides[1].size],
  };
  return bind(p.conv, [picture, weights], params);
};

function checkOperands(x: Tensor, kernel: Tensor): void {
  if (x.rank !== 4) {
    const hint = x.rank === 3 ? "; a picture alone is expandDims(x, 0)" : "";
    throw new ShapeError(`conv: x must be pictures [n, h, w, channels], got ${formatShape(x.shape)}${hint}`);
  }
  if (kernel.rank !== 4 || kernel.shape[0] === 0 || kernel.shape[1] === 0) {
    throw new ShapeError(
      `conv: the kernel must be [kh, kw, cIn, cOut] with kh and kw ≥ 1, got ${formatShape(kernel.shape)}`,
    );
  }
}

/** Zeros before a picture along one axis, and outputs along it; −1 where not even one window fits. */
interface Side {
  readonly low: number;
  readonly size: number;
}

/** An axis of a picture, the rows that a window covers, and the zeros around the picture. */
interface Windows {
  readonly length: number;
  readonly reach: number;
  readonly stride: number;
  readonly widths: "same" | Pair;
}

/** @source JAX, lax.padtype_to_pads */
function sideOf({ length, reach, stride, widths }: Windows): Side {
  if (widths === "same") {
    const size = Math.ceil(length / stride);
    return { low: Math.floor(Math.max(0, (size - 1) * stride + reach - length) / 2), size };
  }
  const rest = length + widths[0] + widths[1] - reach;
  return { low: widths[0], size: rest < 0 ? -1 : Math.floor(rest / stride) + 1 };
}

const isPair = (value: unknown, isAllowed: (n: number) => boolean): value is Pair =>
  Array.isArray(value) && value.length === 2 && value.every((n) => Number.isSafeInteger(n) && isAllowed(n));

function pairOf(name: "stride" | "dilation", value: number | Pair): Pair {
  const pair = typeof value === "number" ? ([value, value] as const) : value;
  if (isPair(pair, (n) => n >= 1)) return [pair[0], pair[1]];
  throw new ShapeError(`conv: ${name} must be a whole number ≥ 1 or a pair of them, got ${quote(value)}`);
}

function widthsOf(padding: ConvPadding): "same" | readonly [Pair, Pair] {
  if (padding === "same") return padding;
  if (padding === "valid") {
    return [
      [0, 0],
      [0, 0],
    ];
  }
  const isWidths = Array.isArray(padding) && padding.length === 2 && padding.every((side) => isPair(side, () => true));
  if (isWidths) return padding;
  throw new (typeof padding === "string" ? DTypeError : ShapeError)(
    `conv: padding must be "same", "valid" or [[top, bottom], [left, right]] of whole numbers, got ${quote(padding)}`,
  );
}

function tooLarge(x: Tensor, kernel: Tensor, dilation: Pair): ShapeError {
  const spread = dilation.some((n) => n > 1) ? `, spread by dilation ${formatShape(dilation)},` : "";
  return new ShapeError(
    `conv: the kernel ${formatShape(kernel.shape)}${spread} must not be larger than the padded picture, got x ${formatShape(x.shape)}; ` +
      'use padding "same" or a smaller kernel',
  );
}
