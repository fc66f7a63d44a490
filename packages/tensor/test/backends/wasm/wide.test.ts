import { expectSameBits, forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { vectorFeatures } from "../../../src/backends/wasm/features.ts";
import { WasmExecutable } from "../../../src/backends/wasm/wasmBackend.ts";
import {
  compile,
  type DenseTensor,
  key,
  matmul,
  normal,
  type Program,
  simplify,
  type Tensor,
  trace,
} from "../../../src/index.ts";

const { fma } = vectorFeatures();

const runWith = (wide: boolean, program: Program, inputs: readonly DenseTensor[]): DenseTensor[] =>
  new WasmExecutable(program, 1, { fma, wide }).run(inputs);

describe("wide vectors", () => {
  it.each(["float32", "float64"] as const)("give the bits of narrow ones, in products and maps of %s", (dtype) => {
    for (const [m, k, n] of [
      [33, 17, 100],
      [64, 64, 64],
      [5, 300, 9],
      [70, 40, 24],
      [3, 5, 1],
    ]) {
      const inputs = [normal(key(1), [m, k], { dtype }), normal(key(2), [k, n], { dtype })];
      const layer = (x: Tensor, w: Tensor): Tensor[] => {
        const hidden = matmul(x, w).tanh();
        return [
          hidden,
          hidden
            .mul(2)
            .add(1)
            .slice([0, m], [0, Math.max(1, n - 3)]),
          matmul(hidden, w.transpose()).exp(),
        ];
      };
      const program = simplify(trace(layer)(inputs[0], inputs[1]));
      const dense = inputs.map((x) => x.concrete("test"));
      expectSameBits(runWith(true, program, dense), runWith(false, program, dense));
    }
  });

  it.each(["float32", "float64"] as const)(
    "give the bits of narrow ones, in products of many matrices of %s",
    (dtype) => {
      for (const n of [1, 4, 6, 9, 16, 21, 27, 31, 49]) {
        const inputs = [normal(key(1), [5, 13, 18], { dtype }), normal(key(2), [5, 18, n], { dtype })];
        const f = (x: Tensor, y: Tensor): Tensor[] => [matmul(x, y), matmul(y.swapAxes(1, 2), x.swapAxes(1, 2))];
        const program = simplify(trace(f)(inputs[0], inputs[1]));
        const dense = inputs.map((x) => x.concrete("test"));
        expectSameBits(runWith(true, program, dense), runWith(false, program, dense));
      }
    },
  );

  it("give the bits of narrow ones on random programs", () => {
    forAll(
      randomPrograms({ dtype: "float32", kinds: ["smooth", "kinky", "discrete", "stop"], steps: 14 }),
      ({ f, inputs }) => {
        const program = simplify(trace((...xs: Tensor[]) => f(...xs))(...inputs));
        expectSameBits(runWith(true, program, inputs), runWith(false, program, inputs));
      },
      { runs: 60 },
    );
  });

  it("are used only on request, and only on an engine that pairs vectors", () => {
    const f = compile((x: Tensor) => x.add(1), { backend: "wasm" });
    f(normal(key(1), [4]));
    expect(f.report().simd).toMatch(/^128 bits/);
  });
});
