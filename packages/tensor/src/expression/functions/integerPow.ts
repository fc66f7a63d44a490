import { integerPow as scalar } from "../../scalar/integerPow.ts";
import type { ExpressionGraph, Node } from "../graph.ts";
import { numbers, type Operation } from "../operation.ts";

/** xⁿ for a whole number n that is known beforehand. */
export const integerPow: Operation = {
  arity: 1,
  statics: 1,
  type: numbers,
  scalar: (x, n) => scalar(x, n),
  js: ([x], { value }) => `functions.integerPow(${x}, ${value})`,
  expand(graph, [x], n) {
    if (x.dtype === "int32") return powInt32(graph, x, n!);
    if (n === 0) return graph.constant(1, x.dtype);
    if (n === 1) return x;
    return n === 2 ? graph.operation("mul", [x, x]) : undefined;
  },
  wasm(lanes, [x], { dtype, value }) {
    const v = lanes.float(dtype);
    return v.host("integerPow", [x, v.constant(value!)]);
  },
};

/** Modulo 2³² by repeated squaring: xⁿ = Π x^(2^k) over the set bits k of n. */
function powInt32(graph: ExpressionGraph, x: Node, n: number): Node {
  const mul = (a: Node, b: Node): Node => graph.operation("mul", [a, b]);
  let power: Node | undefined;
  let square = x;
  for (let left = n; left > 0; ) {
    if (left % 2 === 1) power = power ? mul(power, square) : square;
    left = Math.floor(left / 2);
    if (left > 0) square = mul(square, square);
  }
  return power ?? graph.constant(1, "int32");
}
