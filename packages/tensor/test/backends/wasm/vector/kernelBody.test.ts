import { describe, expect, it } from "vitest";
import { laneCountOf, ulpBounds } from "../../../../src/backends/wasm/vector/index.ts";
import { ExpressionGraph, type Node, printJs } from "../../../../src/expression/index.ts";
import { type DType, evaluate, type Primitive, type TypedArray, tensor } from "../../../../src/index.ts";
import { elementwise } from "../../../../src/primitives/elementwise.ts";
import { compileKernel, evaluateJs, fmaModes, runText } from "../support/runKernel.ts";

const arrays = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** Numbers with all bits in use, of sizes around 1; the same every time. */
function numbers(dtype: DType, size: number, seed = 1): TypedArray {
  let state = seed;
  const values = Array.from({ length: size }, () => {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    if (dtype === "bool") return (state >>> 16) & 1;
    return dtype === "int32" ? state : state / 2 ** 29;
  });
  return arrays[dtype].from(values);
}

/** Builds nodes from texts over the same inputs, and compares what they compute with printed JavaScript. */
function check(types: readonly DType[], texts: readonly (readonly [string, DType])[], size = 11): void {
  const graph = new ExpressionGraph();
  const inputs = types.map((dtype, i) => graph.input(i, dtype));
  const nodes = texts.map(([text, dtype]) => graph.apply(text, inputs, dtype));
  const values = types.map((dtype, i) => numbers(dtype, size, i + 1));
  const source = printJs(nodes);
  for (const fma of fmaModes) {
    const got = compileKernel(nodes, types, size, fma).run(values);
    for (let i = 0; i < size; i++) {
      const want = evaluateJs(
        source,
        values.map((x) => x[i]),
      );
      got.forEach((x, k) => {
        expect(x[i], `${texts[k][0]} at ${i}`).toBe(want[k]);
      });
    }
  }
}

describe("a kernel over vectors", () => {
  it("has four lanes, two if any number is float64", () => {
    const graph = new ExpressionGraph();
    const x = graph.input(0, "float32");
    expect(laneCountOf([graph.apply("x < x + 1", [x], "bool")])).toBe(4);
    expect(laneCountOf([graph.apply("float32(float64(x) / 3)", [x], "float32")])).toBe(2);
  });

  it("is right for every number of elements, also none", () => {
    for (const dtype of ["float32", "float64"] as const) {
      for (let size = 0; size <= 9; size++) check([dtype, dtype], [["x * y - x / y", dtype]], size);
    }
  });

  it("mixes all dtypes in two lanes", () => {
    check(
      ["float64", "float32", "int32", "bool"],
      [
        ["select(y > 0, x, -x)", "float64"],
        ["select(w, y, float32(x))", "float32"],
        ["select(x < float64(z), z, z >>> 5)", "int32"],
        ["select(z < 0, z & 255, z ^ 255)", "int32"],
        ["w & (y < 0) | (float64(y) == x)", "bool"],
        ["select(w, y < 0, x < 0)", "bool"],
        ["bool(y) & bool(z) & bool(x) & !w", "bool"],
        ["float64(w) + float64(z) + float64(y)", "float64"],
        ["float32(z) + float32(w)", "float32"],
        ["int32(x * 1e10) + int32(y * 1e10) + int32(w)", "int32"],
        ["isFinite(y) == isFinite(x / 0)", "bool"],
        ["z << (z & 31)", "int32"],
        ["remainder(z, int32(w) * 1000 - 7)", "int32"],
      ],
    );
  });

  it("mixes float32, int32 and bool in four lanes", () => {
    check(
      ["float32", "int32", "bool"],
      [
        ["select(z, x, float32(y))", "float32"],
        ["select(x < 0, y, -y)", "int32"],
        ["z & (y < 0) | (x <= 0)", "bool"],
        ["int32(x * 1e10) + int32(z)", "int32"],
        ["y >>> (y & 31)", "int32"],
        ["remainder(y, 1000 * int32(z) - 7)", "int32"],
        ["abs(y) + sign(y) + max(y, 3) + min(y, -3)", "int32"],
        ["float32(z) == 1", "bool"],
        ["(x != x) | z", "bool"],
      ],
    );
  });

  it("returns inputs, constants and one value twice", () => {
    const graph = new ExpressionGraph();
    const x = graph.input(0, "float32");
    const y = graph.apply("x + 1", [x], "float32");
    const nodes: Node[] = [y, x, graph.constant(3, "float32"), y, graph.constant(1, "bool")];
    const results = compileKernel(nodes, ["float32"], 5, false).run([Float32Array.of(1, 2, 3, 4, 5)]);
    expect(results.map((result) => [...result])).toEqual([
      [2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5],
      [3, 3, 3, 3, 3],
      [2, 3, 4, 5, 6],
      [1, 1, 1, 1, 1],
    ]);
  });

  it("may be long", () => {
    const graph = new ExpressionGraph();
    const x = graph.input(0, "float64");
    let node: Node = x;
    for (let i = 0; i < 5000; i++) node = graph.apply("x * 0.5 + y", [node, x], "float64");
    const [result] = compileKernel([node], ["float64"], 3, false).run([Float64Array.of(1, 2, 3)]);
    expect([...result]).toEqual([2, 4, 6]);
  });
});

describe("a lane", () => {
  const large = [1e5, -3e7, 1e30, Infinity, NaN];

  it("does not depend on its place or its neighbours", () => {
    for (const dtype of ["float32", "float64"] as const) {
      for (const name of Object.keys(ulpBounds)) {
        const text = name === "pow" ? "pow(x, 1.7)" : `${name}(x)`;
        const values = [0.3, -0.7, 2.5, 1e-20, 11.25, -80, ...large, 0.1];
        const alone = values.map((value) => runText(text, [arrays[dtype].of(value)], dtype)[0]);
        for (let turn = 0; turn < 5; turn++) {
          const rotated = [...values.slice(turn), ...values.slice(0, turn)];
          const together = [...runText(text, [arrays[dtype].from(rotated)], dtype)];
          expect(together, `${text} in ${dtype}`).toEqual([...alone.slice(turn), ...alone.slice(0, turn)]);
        }
      }
    }
  });

  it("beyond the fast range of the sine is the host's", () => {
    const inputs = Float64Array.of(0.5, 1e7, 1e300, -1e10);
    expect([...runText("sin(x)", [inputs], "float64")].slice(1)).toEqual([1e7, 1e300, -1e10].map(Math.sin));
  });
});

describe("a new primitive", () => {
  const swish: Primitive = elementwise("swish", {
    arity: 2,
    eval: (x, beta) => (x > 0 ? x / (1 + Math.exp(-beta * x)) : 0),
    expression: "select(x > 0, x / (1 + exp(-y * x)), 0)",
  });

  it("runs from its expression alone", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const operands = [1, 2].map((seed) => tensor(numbers(dtype, 23, seed), { dtype }));
      const want = evaluate(swish, operands, {}).buffer;
      const got = runText(
        swish.expression!({}),
        operands.map((x) => x.buffer),
        dtype,
        fmaModes.at(-1),
      );
      const epsilon = dtype === "float32" ? 2 ** -23 : 2 ** -52;
      got.forEach((value, i) => {
        expect(Math.abs(value - want[i])).toBeLessThanOrEqual(8 * epsilon * Math.abs(want[i]));
      });
    }
  });
});
