import type { ContractKernel } from "../../../compiler/plan.ts";
import { ExpressionGraph } from "../../../expression/index.ts";
import type { Lowering } from "../lowering.ts";
import { checkNoIntegerSum } from "./lowerReduce.ts";
import { launchReduction } from "./reduce.ts";

/** A matrix product is a sum of products over [...B, m, n, k]: strides of 0 repeat the operands, no layout is copied. */
export function lowerContract(lowering: Lowering, { equations, inputs, outputs }: ContractKernel): void {
  const [{ operands, output }] = equations;
  checkNoIntegerSum("matmul", output.dtype);
  const viewOf = (i: number) => inputs.find(({ value }) => value === operands[i])!.view;
  const [left, right] = [viewOf(0), viewOf(1)];
  const batch = left.shape.slice(0, -2);
  const rank = left.shape.length;
  const [m, k, n] = [left.shape[rank - 2], left.shape[rank - 1], right.shape[rank - 1]];
  const graph = new ExpressionGraph();
  const [x, y] = [graph.input(0, output.dtype), graph.input(1, output.dtype)];
  const leftStrides = [...left.strides.slice(0, -2), left.strides[rank - 2], 0, left.strides[rank - 1]];
  const rightStrides = [...right.strides.slice(0, -2), 0, right.strides[rank - 1], right.strides[rank - 2]];
  const sources = new Map([
    [x, { array: lowering.arrayOf(left.buffer), strides: leftStrides, offset: left.offset }],
    [y, { array: lowering.arrayOf(right.buffer), strides: rightStrides, offset: right.offset }],
  ]);
  const root = graph.operation("mul", [x, y]);
  const shape = [...batch, m, n, k];
  const result = launchReduction(lowering, { combiner: "sum", shape, axes: [rank], root, sources });
  lowering.place(outputs[0].buffer, result);
}
