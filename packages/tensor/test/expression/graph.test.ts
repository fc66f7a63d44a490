import { describe, expect, it } from "vitest";
import { ExpressionGraph, type Node, sortedNodes } from "../../src/expression/index.ts";
import { DomainError, type DType, DTypeError } from "../../src/index.ts";

const graphWith = (...dtypes: DType[]): readonly [ExpressionGraph, ...Node[]] => {
  const graph = new ExpressionGraph();
  return [graph, ...dtypes.map((dtype, i) => graph.input(i, dtype))];
};

describe("equal values of one graph", () => {
  it("are one node, wherever they come from", () => {
    const [graph, x, y] = graphWith("float32", "float32");
    const silu = graph.apply("x * sigmoid(x)", [x], "float32");
    const slope = graph.apply("sigmoid(x) * (1 + x * (1 - sigmoid(x)))", [x], "float32");
    const sigmoids = sortedNodes([silu, slope]).filter(({ op }) => op === "sigmoid");
    expect(sigmoids.length).toBe(1);
    expect(graph.input(1, "float32")).toBe(y);
    expect(graph.constant(0.1, "float32")).toBe(graph.constant(Math.fround(0.1), "float32"));
  });

  it("do not depend on the order of operands where that does not matter", () => {
    const [graph, x, y] = graphWith("float64", "float64");
    for (const sign of ["+", "*", "=="]) {
      const result = sign === "==" ? "bool" : "float64";
      expect(graph.apply(`x ${sign} y`, [x, y], result)).toBe(graph.apply(`y ${sign} x`, [x, y], result));
    }
    expect(graph.apply("x - y", [x, y], "float64")).not.toBe(graph.apply("y - x", [x, y], "float64"));
    expect(graph.apply("x < y", [x, y], "bool")).toBe(graph.apply("y > x", [x, y], "bool"));
  });

  it("keep 0 and −0, and numbers of two dtypes, apart", () => {
    const graph = new ExpressionGraph();
    expect(graph.constant(0, "float32")).not.toBe(graph.constant(-0, "float32"));
    expect(graph.constant(1, "float32")).not.toBe(graph.constant(1, "float64"));
    expect(graph.constant(NaN, "float32")).toBe(graph.constant(NaN, "float32"));
  });

  it("have the rounds of threefry once for both words", () => {
    const [graph, ...operands] = graphWith("int32", "int32", "int32", "int32");
    const words = ["threefry0", "threefry1"].map((name) => graph.apply(`${name}(x, y, z, w)`, operands, "int32"));
    const [one] = words.map((word) => sortedNodes([word]).length);
    expect(sortedNodes(words).length).toBeLessThan(one + 10);
  });

  it("come operands first", () => {
    const [graph, x] = graphWith("float64");
    const sorted = sortedNodes([graph.apply("tanh(x) * exp(x + 1)", [x], "float64")]);
    for (const node of sorted) expect(node.args.every((arg) => sorted.indexOf(arg) < sorted.indexOf(node))).toBe(true);
  });
});

describe("dtypes of nodes", () => {
  it("of literals follow the operand beside them", () => {
    const [graph, x, n] = graphWith("float32", "int32");
    expect(graph.apply("1 / sqrt(x)", [x], "float32").args[0].dtype).toBe("float32");
    expect(graph.apply("x + 1 < 3", [n], "bool").args.map(({ dtype }) => dtype)).toEqual(["int32", "int32"]);
    expect(graph.apply("select(x > 0, 1, x)", [x], "float32").dtype).toBe("float32");
    expect(graph.apply("float64(x) * 2", [n], "float64").args.every(({ dtype }) => dtype === "float64")).toBe(true);
    expect(graph.apply("2", [], "float64")).toBe(graph.constant(2, "float64"));
  });

  it("of constants round their values", () => {
    const graph = new ExpressionGraph();
    expect(graph.constant(0.1, "float32").value).toBe(Math.fround(0.1));
    expect(graph.constant(2 ** 32 + 5, "int32").value).toBe(5);
    expect(graph.constant(NaN, "bool").value).toBe(1);
  });

  it("make a cast to the same dtype nothing", () => {
    const [graph, x] = graphWith("float32");
    expect(graph.apply("float32(x)", [x], "float32")).toBe(x);
    expect(graph.apply("x", [x], "float32")).toBe(x);
  });

  it.each<[string, DType[], DType, string]>([
    [
      "x + y",
      ["float32", "float64"],
      "float64",
      "add: operands must have dtypes that it is defined on, got float32, float64",
    ],
    ["x / y", ["int32", "int32"], "int32", "div: operands must have dtypes that it is defined on, got int32, int32"],
    ["tanh(x)", ["bool"], "bool", "tanh: operands must have dtypes"],
    ["x & y", ["float32", "float32"], "float32", "and: operands must have dtypes"],
    ["!x", ["int32"], "int32", "not: operands must have dtypes"],
    ["select(x, y, y)", ["float32", "float32"], "float32", "select: operands must have dtypes"],
    ["x < y", ["bool", "bool"], "bool", "lt: operands must have dtypes"],
    ["x < y", ["float32", "float32"], "float32", 'expression "x < y": the result must be float32, got bool'],
    ["unit32(x, y)", ["float32", "float32"], "float32", "unit32: operands must have dtypes"],
  ])("%s of %j is no %s", (kernel, dtypes, result, message) => {
    const [graph, ...operands] = graphWith(...dtypes);
    const apply = (): Node => graph.apply(kernel, operands, result);
    expect(apply).toThrow(DTypeError);
    expect(apply).toThrow(message);
  });

  it.each([
    [
      "tan(x)",
      'expression "tan(x)": "tan" must be a known function; compose it of known functions, or add it in expression/functions',
    ],
    ["toString(x)", '"toString" must be a known function'],
    ["tanh(x, x)", 'expression "tanh(x, x)": tanh takes 1 operands, got 2'],
    ["x + z", 'expression "x + z": operands must be among x, got z'],
    ["integerPow(x, 1.5)", "the last operand must be a whole number that is written out"],
    ["integerPow(x, x)", "the last operand must be a whole number that is written out"],
  ])("%s is refused", (kernel, message) => {
    const [graph, x] = graphWith("float32");
    const apply = (): Node => graph.apply(kernel, [x], "float32");
    expect(apply).toThrow(DomainError);
    expect(apply).toThrow(message);
  });
});
