import type { DType } from "../array/dtype.ts";
import type { Node } from "./graph.ts";
import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import { sortedNodes } from "./sortedNodes.ts";

/** Source that rounds a value to a dtype; a bool is 0 or 1. */
const rounded: Readonly<Record<DType, (source: string) => string>> = {
  float64: (source) => source,
  float32: (source) => `Math.fround(${source})`,
  int32: (source) => `(${source}) | 0`,
  bool: (source) => `+(${source})`,
};

/**
 * The body of a JavaScript function that computes nodes one after the other, with the bits of the reference.
 *
 * It reads the inputs from x0, x1, … and named functions from `functions` (`scalarFunctions`), and returns an array.
 */
export function printJs(nodes: readonly Node[]): string {
  const lines = sortedNodes(nodes).flatMap((node) => {
    if (node.op === "input") return [];
    return [`const ${nameOf(node)} = ${sourceOf(node)};`];
  });
  return [...lines, `return [${nodes.map(nameOf).join(", ")}];`].join("\n");
}

const nameOf = (node: Node): string => (node.op === "input" ? `x${node.index}` : `t${node.id}`);

function sourceOf(node: Node): string {
  if (node.op === "constant") return Object.is(node.value, -0) ? "-0" : String(node.value);
  const operation: Operation = operations[node.op];
  const args = node.args.map(nameOf);
  const statics = node.value === undefined ? [] : [node.value];
  const source = operation.js?.(args, node) ?? `functions.${node.op}(${[...args, ...statics].join(", ")})`;
  return rounded[node.dtype](source);
}
