import { bytesPerElement } from "../../../array/dtype.ts";
import { sizeOf } from "../../../array/shape.ts";
import type { MoveKernel } from "../../../compiler/plan.ts";
import { collapse, wholeView } from "../../../compiler/view.ts";
import type { GatherParams } from "../../../primitives/indexing.ts";
import { type Box, costOf, emitCopy } from "./copy.ts";
import type { Lowering } from "./lowering.ts";
import { operandOf, operandViews } from "./operand.ts";
import { setScaled } from "./pack.ts";
import { emitPick } from "./pick.ts";
import { type Walker, walk } from "./walk.ts";
import { lowerWorkItems } from "./workItems.ts";

/** Lowers x [...B, n, ...R], indices [...B, ...K] → [...B, ...K, ...R]: a box of R is copied for every index. */
export function lowerGather(lowering: Lowering, kernel: MoveKernel, index: number): void {
  const [x, indices] = operandViews(kernel);
  const [{ value, buffer }] = kernel.outputs;
  if (value.size === 0) return;
  const { batchAxes } = kernel.equations[0].params as GatherParams;
  const out = wholeView(buffer, value.shape);
  const picks = indices.shape.length;
  const outer = collapse(indices.shape, [
    x.strides.slice(0, batchAxes).concat(new Array(picks - batchAxes).fill(0)),
    indices.strides,
    out.strides.slice(0, picks),
  ]);
  const [from, at, to] = [x, indices, out].map((view, i) => operandOf(lowering, view, outer.strides[i]));
  const rest = collapse(value.shape.slice(picks), [x.strides.slice(batchAxes + 1), out.strides.slice(picks)]);
  const bytes = bytesPerElement(buffer.dtype);
  const [boxFrom, boxTo] = rest.strides.map((strides) => strides.map((stride) => stride * bytes));
  const box: Box = { bytes, shape: rest.shape, from: boxFrom, to: boxTo };
  const [workItems, ...inner] = outer.shape;
  const cost = sizeOf(inner) * (2 + costOf(box));
  lowerWorkItems(lowering, { kernel: index, name: "gather", workItems, cost }, (fn, workItem) => {
    const walkers = [from, at, to].map(({ start, strides }): Walker => {
      const local = fn.local("i32");
      setScaled(fn, local, start, workItem, strides[0]);
      return { local, strides: strides.slice(1) };
    });
    const [base, place, target] = walkers.map(({ local }) => local);
    const source = fn.local("i32");
    walk(fn, inner, walkers, () => {
      emitPick(fn, source, base, { at: place, size: x.shape[batchAxes], stride: x.strides[batchAxes] * bytes });
      emitCopy(fn, box, source, target);
    });
  });
}
