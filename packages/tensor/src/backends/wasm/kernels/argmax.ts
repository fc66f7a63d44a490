import { sizeOf, stridesOf } from "../../../array/shape.ts";
import { expressionsOf } from "../../../compiler/expressionsOf.ts";
import type { ReduceKernel } from "../../../compiler/plan.ts";
import { collapse, type View } from "../../../compiler/view.ts";
import type { Node } from "../../../expression/graph.ts";
import { laneCount } from "../vector/index.ts";
import { ArgmaxEmitter } from "./argmaxEmitter.ts";
import type { Lowering } from "./launch.ts";
import { type Operand, operandOf } from "./operand.ts";
import { lowerZeros } from "./units.ts";

/** What an argmax is made of, over collapsed axes. */
export interface ArgmaxCode {
  readonly node: Node;
  readonly shape: readonly number[];
  readonly kept: readonly number[];
  readonly reduced: number;
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  readonly lanes: 2 | 4;
  readonly fma: boolean;
}

/** Lowers an argmax: along a kept last axis each lane has its own best, else each lane has the best of every few neighbours. */
export function lowerArgmax(lowering: Lowering, kernel: ReduceKernel, index: number): boolean {
  const { shape, axes, equations, outputs, inputs } = kernel;
  const [{ value, buffer }] = outputs;
  const [reduced] = axes;
  if (value.size === 0) return true;
  if (shape[reduced] === 1) {
    lowerZeros(lowering, index, lowering.addressOf(buffer), value.size * 4);
    return true;
  }
  const [node] = expressionsOf(kernel, equations.slice(0, -1), [equations[equations.length - 1].operands[0]]);
  // Stride 0 along the reduced axis keeps it apart from its neighbours.
  const result: View = { buffer, shape, offset: 0, strides: stridesOf(value.shape).toSpliced(reduced, 0, 0) };
  const views = [...inputs.map(({ view }) => view), result];
  const collapsed = collapse(
    shape,
    views.map((view) => view.strides),
  );
  const operands = views.map((view, i) => operandOf(lowering, view, collapsed.strides[i]));
  const output = operands[operands.length - 1];
  const isKept = (axis: number): boolean => output.strides[axis] !== 0;
  const code: ArgmaxCode = {
    node,
    shape: collapsed.shape,
    kept: collapsed.shape.map((_, axis) => axis).filter(isKept),
    reduced: output.strides.indexOf(0),
    inputs: operands.slice(0, -1),
    output,
    lanes: laneCount([node]),
    fma: lowering.fma,
  };
  let units = 1;
  const target = lowering.module.addFunction(["i32", "i32", "i32"], [], (fn) => {
    units = new ArgmaxEmitter(fn, code).emit();
  });
  const cost = (sizeOf(shape) / units) * (0.6 + 0.1 * equations.length);
  lowering.launch(index, "argmax", units, cost, target);
  return true;
}
