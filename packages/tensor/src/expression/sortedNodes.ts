import type { Node } from "./graph.ts";

/** Every node that these need, operands first, each once. */
export function sortedNodes(nodes: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const open = [...nodes];
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...node.args);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
