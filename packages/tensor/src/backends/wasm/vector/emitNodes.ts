import type { DType } from "../../../dtype.ts";
import type { Node } from "../../../expression/graph.ts";
import { operations } from "../../../expression/operations.ts";
import { sortedNodes } from "../../../expression/sortedNodes.ts";
import type { FunctionBuilder } from "../assembler/index.ts";
import type { ConstantPool } from "./constantPool.ts";
import { type LaneCount, Lanes } from "./lanes.ts";
import { keepVector, type Vector, vectorIn } from "./vector.ts";

/** How a kernel is emitted. */
export interface EmitOptions {
  /** Whether multiply-adds inside named functions round once (relaxed SIMD that is really fused). */
  readonly fma: boolean;
  /** Constants of the function that is being written; share it between calls in one function. */
  readonly constants: ConstantPool;
  /** Default what the nodes need: `laneCount(nodes)`. */
  readonly lanes?: LaneCount;
}

/** Elements that are computed at once: 2 if anything the nodes need is float64, else 4. */
export const laneCount = (nodes: readonly Node[]): LaneCount =>
  sortedNodes(nodes).some(({ dtype }) => dtype === "float64") ? 2 : 4;

/**
 * Writes the instructions that compute nodes for one vector of elements: first all loads, then the arithmetic.
 *
 * @param load pushes the vector of an input, in the form that `loadVector` gives
 * @returns a local for each node, the caller's to release
 */
export function emitNodes(
  fn: FunctionBuilder,
  nodes: readonly Node[],
  load: (index: number, dtype: DType) => void,
  options: EmitOptions,
): number[] {
  const sorted = sortedNodes(nodes);
  const lanes = new Lanes(options.lanes ?? laneCount(nodes), options.constants, options.fma);
  const values = new Map<Node, Vector>();
  for (const node of sorted) {
    if (node.op !== "input") continue;
    load(node.index!, node.dtype);
    const local = fn.local("v128");
    fn.set(local);
    values.set(node, vectorIn(local));
  }
  const readers = countReaders(sorted, nodes);
  const release = (node: Node): void => {
    const left = readers.get(node)! - 1;
    readers.set(node, left);
    if (left === 0 && node.op !== "constant") fn.release(values.get(node)!.local);
  };
  for (const node of sorted) {
    if (node.op === "input") continue;
    if (node.op === "constant") {
      values.set(node, lanes.constant(node.dtype, node.value!));
      continue;
    }
    const args = node.args.map((arg) => values.get(arg)!);
    values.set(node, vectorIn(keepVector(fn, operations[node.op].wasm!(lanes, args, node))));
    for (const arg of node.args) release(arg);
  }
  return ownLocals(
    fn,
    nodes.map((node) => values.get(node)!),
    nodes,
  );
}

/** How often each node is read; results once more, so that they outlive the kernel. */
function countReaders(sorted: readonly Node[], results: readonly Node[]): Map<Node, number> {
  const readers = new Map<Node, number>(sorted.map((node) => [node, 0]));
  for (const node of [...sorted.flatMap(({ args }) => args), ...results]) readers.set(node, readers.get(node)! + 1);
  return readers;
}

/** A constant, or a node asked for twice, is copied: the caller may release each local once. */
function ownLocals(fn: FunctionBuilder, values: readonly Vector[], nodes: readonly Node[]): number[] {
  return values.map((value, i) => {
    const isOwn = nodes[i].op !== "constant" && nodes.indexOf(nodes[i]) === i;
    return isOwn ? value.local : keepVector(fn, value);
  });
}
