import { describe, expect, it } from "vitest";
import { ExpressionGraph, printJs, scalarFunctions } from "../../src/expression/index.ts";
import type { DType } from "../../src/index.ts";
import { evaluateJs } from "../backends/wasm/support/runKernel.ts";

function compute(kernel: string, dtypes: readonly DType[], result: DType, values: readonly number[]): number {
  const graph = new ExpressionGraph();
  const inputs = dtypes.map((dtype, i) => graph.input(i, dtype));
  return evaluateJs(printJs([graph.apply(kernel, inputs, result)]), values)[0];
}

describe("a kernel printed as JavaScript", () => {
  it("reads like the kernel, one value a line", () => {
    const graph = new ExpressionGraph();
    const x = graph.input(0, "float32");
    expect(printJs([graph.apply("x * sigmoid(x) + 1", [x], "float32"), x])).toBe(
      [
        "const t1 = Math.fround(functions.sigmoid(x0));",
        "const t2 = Math.fround(x0 * t1);",
        "const t3 = 1;",
        "const t4 = Math.fround(t2 + t3);",
        "return [t4, x0];",
      ].join("\n"),
    );
  });

  it("rounds after every step to the dtype of the value", () => {
    const tenth = Math.fround(0.1);
    const wide = 0.1 * 0.1 + 0.1;
    expect(compute("x * x + x", ["float32"], "float32", [tenth])).toBe(Math.fround(Math.fround(tenth * tenth) + tenth));
    expect(compute("x * x + x", ["float64"], "float64", [0.1])).toBe(wide);
    expect(compute("x * y", ["int32", "int32"], "int32", [65537, 65537])).toBe(Math.imul(65537, 65537));
    expect(compute("x + y", ["int32", "int32"], "int32", [2 ** 31 - 1, 1])).toBe(-(2 ** 31));
    expect(compute("-x", ["int32"], "int32", [-(2 ** 31)])).toBe(-(2 ** 31));
  });

  it("has bools as 0 and 1", () => {
    expect(compute("x < y", ["float64", "float64"], "bool", [1, 2])).toBe(1);
    expect(compute("!x", ["bool"], "bool", [1])).toBe(0);
    expect(compute("x == y", ["bool", "bool"], "bool", [0, 0])).toBe(1);
    expect(compute("select(x, y, -y)", ["bool", "float64"], "float64", [0, 3])).toBe(-3);
    expect(compute("bool(x)", ["float64"], "bool", [NaN])).toBe(1);
  });

  it("keeps the sign of zero and the special numbers of constants", () => {
    const graph = new ExpressionGraph();
    const nodes = [-0, NaN, Infinity, -Infinity].map((value) => graph.constant(value, "float64"));
    expect(evaluateJs(printJs(nodes), [])).toEqual([-0, NaN, Infinity, -Infinity]);
  });

  it("rounds halves to even", () => {
    const nearest = scalarFunctions.nearest;
    const pairs = [
      ...[0.5, 0, 1.5, 2, 2.5, 2, -0.5, -0, -1.5, -2, 0.49999999999999994, 0, -0, -0, 0, 0],
      ...[4503599627370495.5, 4503599627370496, 2 ** 53, 2 ** 53, -Infinity, -Infinity],
    ];
    for (let i = 0; i < pairs.length; i += 2) expect(nearest(pairs[i]), `${pairs[i]}`).toBe(pairs[i + 1]);
    expect(nearest(NaN)).toBeNaN();
  });
});
