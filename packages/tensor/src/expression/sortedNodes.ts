import type { Node } from "./graph.ts";

/** Every node that these need, operands first, each once; nothing behind those that are `known`. */
export function sortedNodes(nodes: readonly Node[], known?: ReadonlyMap<Node, unknown>): Node[] {
  const seen = new Set<Node>();
  const open = [...nodes];
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!known?.has(node)) open.push(...node.args);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
