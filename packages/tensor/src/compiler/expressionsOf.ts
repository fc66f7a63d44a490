import type { Tensor } from "../array/tensor.ts";
import { ExpressionGraph, type Node } from "../expression/graph.ts";
import type { Equation } from "../program/equation.ts";
import type { Kernel } from "./plan.ts";
import { uniformConstant } from "./uniformConstant.ts";

/** The scalar expressions of a kernel's equations: inputs are numbered as in the kernel, uniform constants are literals. */
export function expressionsOf(
  { inputs }: Pick<Kernel, "inputs">,
  equations: readonly Equation[],
  results: readonly Tensor[],
): Node[] {
  const graph = new ExpressionGraph();
  const nodes = new Map<Tensor, Node>();
  inputs.forEach(({ value }, i) => {
    nodes.set(value, graph.input(i, value.dtype));
  });
  const nodeOf = (x: Tensor): Node => nodes.get(x) ?? graph.constant(uniformConstant(x)!, x.dtype);
  for (const { primitive, operands, params, output } of equations) {
    nodes.set(output, graph.apply(primitive.expression!(params), operands.map(nodeOf), output.dtype));
  }
  return results.map(nodeOf);
}
