import { bytesPerElement } from "../../../array/dtype.ts";
import { sizeOf } from "../../../array/shape.ts";
import type { ContractKernel } from "../../../compiler/plan.ts";
import { type View, wholeView } from "../../../compiler/view.ts";
import type { ConvParams } from "../../../primitives/convolution.ts";
import { type Phase, phasesOf } from "./convPhases.ts";
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
    lowerZeros(lowering, index, lowering.addressOf(buffer), value.size * bytesPerElement(buffer.dtype));
    return true;
  }
  const params = kernel.equations[0].params as ConvParams;
  const phases = phasesOf(params, weights.shape.slice(-4, -2));
  const c = wholeView(buffer, value.shape);
  if (phases.some(({ places }) => places.some(({ count }) => count === 0))) {
    lowerZeros(lowering, index, lowering.addressOf(buffer), value.size * bytesPerElement(buffer.dtype));
  }
  for (const phase of phases) {
    if (phase.places.some(({ count }) => count === 0)) continue;
    const part = phaseViews(phase, weights, c);
    const product = productOf(lowering, x, part.weights, { phase, params });
    lowerMultiplication(lowering, index, multiplicationOf(product), { views: [x, part.weights], c: part.c, inner: 4 });
  }
  return true;
}

/** The part of a kernel and of the result that belongs to a phase. */
function phaseViews({ first, places }: Phase, weights: View, c: View): { readonly weights: View; readonly c: View } {
  const [kh, kw] = weights.strides.slice(-4, -2);
  const [row, column] = c.strides.slice(-3, -1);
  const own = places.map(({ from, step }, axis) => ({ from: from * [kh, kw][axis], stride: step * [kh, kw][axis] }));
  return {
    weights: {
      ...weights,
      offset: weights.offset + own[0].from + own[1].from,
      shape: [...weights.shape.slice(0, -4), places[0].count, places[1].count, ...weights.shape.slice(-2)],
      strides: [...weights.strides.slice(0, -4), own[0].stride, own[1].stride, ...weights.strides.slice(-2)],
    },
    c: { ...c, offset: c.offset + first[0] * row + first[1] * column },
  };
}

function productOf(
  lowering: Lowering,
  x: View,
  weights: View,
  { phase, params: whole }: { readonly phase: Phase; readonly params: ConvParams },
): WindowProduct & RightFactor {
  const { params } = phase;
  const format = elementFormats[x.buffer.dtype as keyof typeof elementFormats];
  const [pictures, h, w, channels] = x.shape.slice(-4);
  const [kh, kw, , n] = weights.shape.slice(-4);
  const [picture, row, column, channel] = x.strides.slice(-4).map((stride) => stride * format.bytes);
  const [ky, kx, k, bColumn] = weights.strides.slice(-4).map((stride) => stride * format.bytes);
  // The pictures of a kernel's gradient are channels, which are neighbours in memory.
  const isGradient = picture === format.bytes && channel !== format.bytes && phase.between.every((step) => step === 1);
  const places = [
    { count: kh, stride: ky },
    { count: kw, stride: kx },
  ];
  const channelSteps = { count: channels, stride: k };
  return {
    ...{ format, fma: lowering.fma, n, k: kh * kw * channels, params },
    ...(isGradient
      ? pictureRows(params, pictures, n * format.bytes)
      : placeRows(phase, whole, pictures, n * format.bytes)),
    bSteps: isGradient ? [channelSteps, ...places] : [...places, channelSteps],
    bColumn,
    picture: { h, w, channels, strides: { picture, row, column, channel } },
    kernel: [kh, kw],
    ...tileShape(n, format, lowering.features.wide),
  };
}

type Rows = Pick<WindowProduct, "order" | "m" | "groups" | "cRow" | "cGroups">;

/** Rows are pictures, and each output is a group. */
function pictureRows({ size: [oh, ow] }: ConvParams, pictures: number, bytes: number): Rows {
  const cGroups = { run: 1, inRun: 0, betweenRuns: bytes };
  return { order: "pictures", m: pictures, groups: oh * ow, cRow: oh * ow * bytes, cGroups };
}

/** Rows are outputs: all of them, or those of a phase, of which each row of a picture is a group. */
function placeRows({ params, between }: Phase, { size }: ConvParams, pictures: number, bytes: number): Rows {
  const [oh, ow] = params.size;
  const cGroups = { run: oh, inRun: between[0] * size[1] * bytes, betweenRuns: size[0] * size[1] * bytes };
  return between.every((step) => step === 1)
    ? { order: "places", m: pictures * oh * ow, groups: 1, cRow: bytes, cGroups }
    : { order: "places", m: ow, groups: pictures * oh, cRow: between[1] * bytes, cGroups };
}

/** A work item of packing is a panel, of the product a row of tiles. */
function multiplicationOf(product: WindowProduct & RightFactor): Multiplication {
  const { tileRows, k, n, vectors, format } = product;
  return {
    key: JSON.stringify(product),
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
