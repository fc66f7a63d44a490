import { integerPow as scalar } from "../../scalar/integerPow.ts";
import { type GpuFunction, gpuFunction } from "../gpuFunction.ts";
import type { ExpressionGraph, Node } from "../graph.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import type { Pair } from "../lanes/pairs.ts";
import { numbers, type Operation } from "../operation.ts";

/** Beyond, even float64 products would lose bits that float32 results have, and a longer kernel would gain nothing. */
const largestPower = 2 ** 20;

/** xⁿ for a whole number n that is known beforehand: the reference's bits. */
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
  gpu: (_, { value }) => gpuPower(value!),
  vector(lanes, [x], { dtype, value: n = 1 }) {
    const v = lanes.float(dtype);
    if (Math.abs(n) > largestPower) return v.host("integerPow", [x, v.constant(n)]);
    return v.is64 ? compensatedPower(v, x, n) : lanes.inFloat64([x], (wide, y) => plainPower(wide, y, n));
  },
};

/** As below, one statement for each square and product. */
function gpuPower(n: number): GpuFunction {
  const lines: string[] = [];
  const name = (product: string): string => `t${lines.push(`const t${lines.length} = ${product};`) - 1}`;
  const multiply = (a: string, b: string): string => name(`${a} * ${b}`);
  const power = bySquaring("x", Math.abs(n), multiply, (a) => multiply(a, a))!;
  const result = n < 0 ? `1 / ${power}` : power;
  return gpuFunction(`power${n < 0 ? "Minus" : ""}${Math.abs(n)}`, ["x"], [...lines, `return ${result};`].join("\n"));
}

/** Squares and products in their order: xⁿ = Π x^(2^k) over the set bits k of n. */
function bySquaring<T>(x: T, n: number, multiply: (a: T, b: T) => T, square: (a: T) => T): T | undefined {
  let power: T | undefined;
  let base = x;
  for (let left = n; left > 0; ) {
    if (left % 2 === 1) power = power === undefined ? base : multiply(power, base);
    left = Math.floor(left / 2);
    if (left > 0) base = square(base);
  }
  return power;
}

/** Modulo 2³². */
function powInt32(graph: ExpressionGraph, x: Node, n: number): Node {
  const multiply = (a: Node, b: Node): Node => graph.operation("mul", [a, b]);
  return bySquaring(x, n, multiply, (a) => multiply(a, a)) ?? graph.constant(1, "int32");
}

/** Products of float32 numbers in float64: their rounding error is far below a bit of float32. */
function plainPower<V>(v: FloatLanes<V>, x: V, n: number): V {
  const multiply = (a: V, b: V): V => v.mul(a, b);
  const power = bySquaring(x, Math.abs(n), multiply, (a) => multiply(a, a))!;
  return n > 0 ? power : v.div(v.constant(1), power);
}

/**
 * Products carried as sums of two numbers; near overflow and underflow, where remainders do not exist, the host answers.
 *
 * @source Graillat 2009, "Accurate Floating-Point Product and Exponentiation"
 */
function compensatedPower<V>(v: FloatLanes<V>, x: V, n: number): V {
  const renormalised = (product: V, error: V): Pair<V> => {
    const value = v.add(product, error);
    return { value, tail: v.sub(error, v.sub(value, product)) };
  };
  const multiply = (a: Pair<V>, b: Pair<V>): Pair<V> => {
    const product = v.mul(a.value, b.value);
    const cross = v.add(v.mul(a.value, b.tail), v.mul(a.tail, b.value));
    return renormalised(product, v.add(v.productError(a.value, b.value, product), cross));
  };
  const square = (a: Pair<V>): Pair<V> => {
    const product = v.mul(a.value, a.value);
    const cross = v.mul(v.mul(v.constant(2), a.value), a.tail);
    return renormalised(product, v.add(v.productError(a.value, a.value, product), cross));
  };
  const power = bySquaring({ value: x, tail: v.constant(0) }, Math.abs(n), multiply, square)!;
  const size = v.abs(power.value);
  const isSafe = v.onlyWhere(v.gt(size, v.constant(2 ** -900)), v.lt(size, v.constant(2 ** 900)));
  const value = n > 0 ? power.value : reciprocal(v, power);
  return v.patch(value, v.not(isSafe), "integerPow", [x, v.constant(n)]);
}

/** 1/(value + tail) with one correction by the exact remainder. */
function reciprocal<V>(v: FloatLanes<V>, { value, tail }: Pair<V>): V {
  const ratio = v.div(v.constant(1), value);
  const back = v.mul(ratio, value);
  const remainder = v.sub(v.sub(v.constant(1), back), v.productError(ratio, value, back));
  return v.add(ratio, v.mul(ratio, v.sub(remainder, v.mul(ratio, tail))));
}
