import {
  expectClose,
  expectSameBits,
  forAll,
  isReordered,
  primitiveCasesOfAnyType,
  primitiveNames,
  ulpsOfPrimitive,
} from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { wasm } from "../../../src/backends/wasm/wasmBackend.ts";
import {
  bind,
  compile,
  type DType,
  interpret,
  key,
  matmul,
  normal,
  type Primitive,
  type PrimitiveName,
  primitiveOf,
  simplify,
  type Tensor,
  trace,
} from "../../../src/index.ts";

const run = (f: (...xs: Tensor[]) => unknown, inputs: readonly Tensor[]): { got: Tensor[]; want: Tensor[] } => {
  const program = simplify(trace(f)(...inputs));
  const dense = inputs.map((x) => x.concrete("test"));
  return { got: wasm.prepare(program).run(dense), want: interpret(program, dense) };
};

/** Σ|terms| of a product or a sum, element by element. */
const termsOf = (name: PrimitiveName, operands: readonly Tensor[], params: object): Tensor => {
  const sizes = operands.map((x) => x.abs().cast("float64"));
  return bind(primitiveOf(name), sizes, params);
};

describe("wasm", () => {
  it.each(primitiveNames)("%s computes what the reference does, on values of every kind, size and dtype", (name) => {
    const primitive = primitiveOf(name);
    for (const values of ["wide", "smooth"] as const) {
      forAll(
        primitiveCasesOfAnyType(name, { values }),
        ({ operands, params }) => {
          const { got, want } = run((...xs) => bind(primitive, xs, params), operands);
          if (isReordered(name)) {
            const condition = termsOf(name, operands, params);
            expectClose(got[0], want[0], { ulp: 64, condition: condition.concrete("test") });
          } else if (ulpsOfPrimitive(name) > 0) expectClose(got, want, { ulp: ulpsOfPrimitive(name) });
          else expectSameBits(got, want);
        },
        { runs: 25 },
      );
    }
  });

  it("gives the same bits again and again, and results of its own", () => {
    const f = compile((x: Tensor) => [x.mul(2), x.sum()], { backend: "wasm" });
    const x = normal(key(0), [7, 5]);
    const first = f(x);
    const bits = first.map((y) => y.dataSync());
    f(x.add(1));
    expectSameBits(first, f(x));
    expect(first.map((y) => y.dataSync())).toEqual(bits);
  });

  it.each([
    [1, 1, 1],
    [3, 7, 5],
    [4, 4, 8],
    [33, 17, 9],
    [8, 700, 3],
    [70, 600, 33],
    [65, 0, 4],
  ])("multiplies [%i, %i] by [.., %i] in every layout", (m, k, n) => {
    for (const dtype of ["float32", "float64", "int32"] as const satisfies DType[]) {
      const matrix = (seed: number, rows: number, columns: number): Tensor =>
        normal(key(seed), [rows, columns]).mul(4).cast(dtype);
      for (const [isLeftTurned, isRightTurned] of [
        [false, false],
        [false, true],
        [true, false],
        [true, true],
      ]) {
        const a = isLeftTurned ? matrix(1, k, m) : matrix(1, m, k);
        const b = isRightTurned ? matrix(2, n, k) : matrix(2, k, n);
        const turned = (x: Tensor, isTurned: boolean): Tensor => (isTurned ? x.transpose() : x);
        const { got, want } = run((x, y) => matmul(turned(x, isLeftTurned), turned(y, isRightTurned)), [a, b]);
        const condition = matmul(turned(a, isLeftTurned).abs(), turned(b, isRightTurned).abs()).cast("float64");
        if (dtype === "int32") expectSameBits(got, want);
        else expectClose(got[0], want[0], { ulp: 64, condition: condition.concrete("test") });
      }
    }
  });

  it("multiplies operands that run backwards, are broadcast, and come in batches", () => {
    const [x, y] = [normal(key(6), [20, 3, 5]), normal(key(7), [5, 4])];
    const f = (a: Tensor, b: Tensor): Tensor[] => [
      matmul(a.flip(1), b),
      matmul(a, a.transpose([0, 2, 1])),
      matmul(a.slice([0, 2]).flip([1, 2]), b.flip(0)),
      matmul(b.transpose(), a.transpose([0, 2, 1])),
    ];
    const { got, want } = run((a, b) => f(a, b), [x, y]);
    expectClose(got, want, { condition: 10, ulp: 64 });
  });

  it("runs a caller's own primitive", () => {
    const cube: Primitive = {
      role: "map",
      name: "cube",
      arity: 1,
      expression: () => "x * x * x",
      type: ([x]) => ({ shape: x.shape, dtype: x.dtype, weak: x.weak }),
      eval: ([x]) => x.buffer.map((value: number) => value * value * value) as typeof x.buffer,
    };
    const x = normal(key(3), [1001]);
    const { got } = run((a) => bind(cube, [a], {}), [x]);
    expectSameBits(got[0], x.mul(x).mul(x));
  });
});
