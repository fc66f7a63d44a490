import {
  type ConvOptions as ConvSettings,
  conv as convolve,
  DomainError,
  optionsOf,
  quote,
  type Tensor,
} from "@pushforward/tensor";
import { choose } from "../choose.ts";
import { type InitializerName, initializers } from "./initializers.ts";
import { checkFeatures, checkWhole, type Layer, makeLayer, Parameter } from "./layer.ts";
import type { LinearParams } from "./linear.ts";

/** Settings of layers.conv: stride, padding and dilation are those of the operation `conv`. */
export interface ConvOptions extends ConvSettings {
  /** Number of channels of the input. */
  readonly in: number;
  /** Number of channels of the result. */
  readonly out: number;
  /** Height and width of the window, one number if they are equal; default 3. */
  readonly kernel?: number | readonly [height: number, width: number];
  /** Whether a bias is added; default true. */
  readonly bias?: boolean;
  /** Initialiser of the kernel; default glorotUniform. The bias starts at 0. */
  readonly init?: InitializerName;
}

/**
 * Convolution of pictures with a learnt kernel [height, width, in, out].
 *
 *   conv(x, W) + b
 *
 * @returns a layer that maps [batch, height, width, in] to [batch, height′, width′, out]
 * @throws  DomainError for settings out of range
 */
export function conv(options: ConvOptions): Layer<LinearParams> {
  const {
    in: inputs,
    out,
    kernel = 3,
    bias = true,
    init = "glorotUniform",
    ...settings
  } = optionsOf("conv", options, "bias");
  checkWhole("conv", "in", inputs, 1);
  checkWhole("conv", "out", out, 1);
  const start = choose("conv", "initialiser", initializers, init);
  const parameters = {
    weight: new Parameter([...windowOf(kernel), inputs, out], start),
    ...(bias ? { bias: new Parameter([out], initializers.zeros) } : {}),
  };
  return makeLayer<LinearParams, readonly [x: Tensor]>("conv", parameters, (params, x) => {
    checkFeatures("conv", x, inputs, params.weight, { rank: 4, axes: "batch, height, width", exact: true });
    return convolved(x, params, settings);
  });
}

/** conv(x, W) + b, without b where there is none. */
export function convolved(x: Tensor, { weight, bias }: LinearParams, settings: ConvSettings = {}): Tensor {
  const result = convolve(x, weight, settings);
  return bias === undefined ? result : result.add(bias);
}

function windowOf(kernel: number | readonly number[]): readonly number[] {
  const window = typeof kernel === "number" ? [kernel, kernel] : kernel;
  const fits = Array.isArray(window) && window.length === 2 && window.every((n) => Number.isInteger(n) && n >= 1);
  if (fits) return window;
  throw new DomainError(`conv: kernel must be a whole number ≥ 1 or [height, width], got ${quote(kernel)}`);
}
