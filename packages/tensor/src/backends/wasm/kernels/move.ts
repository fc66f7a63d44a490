import { bytesPerElement } from "../../../array/dtype.ts";
import { sliceLayout } from "../../../array/layout.ts";
import type { Shape } from "../../../array/shape.ts";
import type { MoveKernel } from "../../../compiler/plan.ts";
import { type View, wholeView } from "../../../compiler/view.ts";
import type { ConcatParams, PadParams } from "../../../primitives/structural.ts";
import { lowerCopy } from "./copy.ts";
import { lowerGather } from "./gather.ts";
import { lowerIota } from "./iota.ts";
import type { Lowering } from "./lowering.ts";
import { lowerZeros } from "./lowerZeros.ts";
import { operandViews } from "./operand.ts";
import { lowerScatterAdd } from "./scatterAdd.ts";

type LowerMove = (lowering: Lowering, kernel: MoveKernel, index: number) => void;

/** Kernels of moves by name; argsort has none and runs on the host, by JavaScript's own sort. */
const lowerings: Readonly<Record<MoveKernel["move"], LowerMove | "host">> = {
  gather: lowerGather,
  scatterAdd: lowerScatterAdd,
  iota: lowerIota,
  concat: lowerConcat,
  pad: lowerPad,
  reshape: lowerReshape,
  argsort: "host",
};

/**
 * Lowers a move: elements change their places.
 *
 * @returns false where the reference loop is better: for argsort, and for indices as bools
 */
export function lowerMove(lowering: Lowering, kernel: MoveKernel, index: number): boolean {
  const lower = lowerings[kernel.move];
  if (lower === "host" || (kernel.move === "iota" && kernel.outputs[0].buffer.dtype === "bool")) return false;
  lower(lowering, kernel, index);
  return true;
}

/** The result of a kernel, seen in some shape of its size. */
const resultView = ({ outputs: [{ value, buffer }] }: MoveKernel, shape: Shape = value.shape): View =>
  wholeView(buffer, shape);

/** Each operand goes to its slice of the result. */
function lowerConcat(lowering: Lowering, kernel: MoveKernel, index: number): void {
  const { axis } = kernel.equations[0].params as ConcatParams;
  const out = resultView(kernel);
  const ones = out.shape.map(() => 1);
  let at = 0;
  for (const view of operandViews(kernel)) {
    const start = out.shape.map((_, i) => (i === axis ? at : 0));
    lowerCopy(lowering, index, view, sliceLayout(out, start, ones, view.shape));
    at += view.shape[axis];
  }
}

/** Zeros, then the operand on a slice with steps. */
function lowerPad(lowering: Lowering, kernel: MoveKernel, index: number): void {
  const { low, interior } = kernel.equations[0].params as PadParams;
  const [view] = operandViews(kernel);
  const out = resultView(kernel);
  lowerZeros(lowering, index, lowering.addressOf(out.buffer), out.buffer.size * bytesPerElement(out.buffer.dtype));
  const step = interior.map((n) => n + 1);
  lowerCopy(lowering, index, view, sliceLayout(out, low, step, view.shape));
}

/** A view that no strides can describe is copied in the order of its elements. */
function lowerReshape(lowering: Lowering, kernel: MoveKernel, index: number): void {
  const [view] = operandViews(kernel);
  lowerCopy(lowering, index, view, resultView(kernel, view.shape));
}
