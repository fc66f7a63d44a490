import { threefryParity, threefryRotations } from "../../scalar/threefry.ts";
import type { ExpressionGraph, Node } from "../graph.ts";
import { type Operation, oneOf } from "../operation.ts";

/**
 * Word 0 or 1 of threefry2x32 with 20 rounds, in terms of integer operations: a kernel that needs both words has the
 * rounds once.
 *
 * @source Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"
 */
const word = (which: 0 | 1): Operation => ({
  arity: 4,
  type: oneOf("int32"),
  expand: (graph, args) => rounds(graph, args)[which],
});

export const threefry = { threefry0: word(0), threefry1: word(1) } as const;

function rounds(graph: ExpressionGraph, [key0, key1, counter0, counter1]: readonly Node[]): [Node, Node] {
  const { add, xor, rotate, number } = integers(graph);
  const keys = [key0, key1, xor(xor(key0, key1), number(threefryParity))];
  let x = add(counter0, key0);
  let y = add(counter1, key1);
  for (let group = 1; group <= 5; group++) {
    for (const bits of threefryRotations[(group - 1) % 2]) {
      x = add(x, y);
      y = xor(rotate(y, bits), x);
    }
    // The key goes in after every four rounds, its three words taking turns.
    x = add(x, keys[group % 3]);
    y = add(add(y, keys[(group + 1) % 3]), number(group));
  }
  return [x, y];
}

function integers(graph: ExpressionGraph) {
  const binary = (op: string) => (a: Node, b: Node) => graph.operation(op, [a, b]);
  const [add, xor, or, shl, shrU] = ["add", "xor", "or", "shl", "shrU"].map(binary);
  const number = (value: number): Node => graph.constant(value, "int32");
  const rotate = (a: Node, bits: number): Node => or(shl(a, number(bits)), shrU(a, number(32 - bits)));
  return { add, xor, rotate, number };
}
