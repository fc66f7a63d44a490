import { sizeOf } from "../../../array/shape.ts";
import type { ContractKernel } from "../../../compiler/plan.ts";
import { type View, wholeView } from "../../../compiler/view.ts";
import type { ConvParams } from "../../../primitives/convolution.ts";
import { elementFormats } from "./elementFormat.ts";
import type { Lowering } from "./lowering.ts";
import { lowerMultiplication } from "./lowerMultiplication.ts";
import { lowerZeros } from "./lowerZeros.ts";
import type { Multiplication } from "./multiplication.ts";
import { emitPack } from "./multiply.ts";
import { operandViews } from "./operand.ts";
import { panelBytes, panelCount, type RightFactor, tileShape } from "./product.ts";
import { blockTiles, emitWindows, type WindowProduct, windowScratchBytes } from "./windows.ts";

/**
 * Lowers a convolution as a product of windows and kernel. Tiles of windows are packed from the pictures when they are multiplied: no
 * window is stored beyond the blocks of rows that threads work on.
 */
export function lowerConv(lowering: Lowering, kernel: ContractKernel, index: number): boolean {
  const [x, weights] = operandViews(kernel);
  const [{ value, buffer }] = kernel.outputs;
  if (value.size === 0) return true;
  if (sizeOf(weights.shape.slice(-4, -1)) === 0) {
    const { bytes } = elementFormats[buffer.dtype as keyof typeof elementFormats];
    lowerZeros(lowering, index, lowering.addressOf(buffer), value.size * bytes);
    return true;
  }
  const product = productOf(lowering, x, weights, kernel.equations[0].params as ConvParams);
  const operands = { views: [x, weights], c: wholeView(buffer, value.shape), inner: 4 };
  lowerMultiplication(lowering, index, multiplicationOf(product), operands);
  return true;
}

function productOf(lowering: Lowering, x: View, weights: View, params: ConvParams): WindowProduct & RightFactor {
  const format = elementFormats[x.buffer.dtype as keyof typeof elementFormats];
  const [pictures, h, w, channels] = x.shape.slice(-4);
  const [kh, kw, , n] = weights.shape.slice(-4);
  const [picture, row, column, channel] = x.strides.slice(-4).map((stride) => stride * format.bytes);
  const [ky, kx, k, bColumn] = weights.strides.slice(-4).map((stride) => stride * format.bytes);
  const [oh, ow] = params.size;
  // The pictures of a kernel's gradient are channels, which are neighbours in memory.
  const order = picture === format.bytes && channel !== format.bytes ? "pictures" : "places";
  const places = [
    { count: kh, stride: ky },
    { count: kw, stride: kx },
  ];
  const channelSteps = { count: channels, stride: k };
  return {
    ...{ format, fma: lowering.fma, n, k: kh * kw * channels, params, order },
    m: order === "places" ? pictures * oh * ow : pictures,
    groups: order === "places" ? 1 : oh * ow,
    cRow: (order === "places" ? n : oh * ow * n) * format.bytes,
    bSteps: order === "places" ? [...places, channelSteps] : [channelSteps, ...places],
    bColumn,
    picture: { h, w, channels, strides: { picture, row, column, channel } },
    kernel: [kh, kw],
    ...tileShape(n, format, lowering.features.wide),
  };
}

/** A work item of packing is a panel, of the product a row of tiles. */
function multiplicationOf(product: WindowProduct & RightFactor): Multiplication {
  const { tileRows, k, n, vectors, format } = product;
  return {
    elementBytes: format.bytes,
    panels: panelCount(product),
    panelBytes: panelBytes(product),
    packCost: k * vectors,
    workItems: blockTiles(product) * product.groups,
    cost: (tileRows * k * n) / 25 + tileRows * k,
    scratchBytes: (chunks) => windowScratchBytes(product, chunks),
    emitPack: (fn, b, panels) => emitPack(fn, product, b, panels),
    emitMultiply: (fn, places, chunks) => emitWindows(fn, product, places, chunks),
  };
}
