import { expectSameBits, forAll, primitiveCases, scaled, tensorOf } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DenseTensor, evaluate, primitives, tensor } from "../../src/index.ts";
import { at, tabulate, wrap } from "../support/naive.ts";

/** Σ_p x[…, i, p]·y[…, p, j] by three loops, summed in order of p in float64. */
function tripleLoop(x: DenseTensor, y: DenseTensor): DenseTensor {
  const [k, n] = y.shape.slice(-2);
  const shape = [...x.shape.slice(0, -1), n];
  const values = tabulate(shape, (index) => {
    const [batch, i, j] = [index.slice(0, -2), index[index.length - 2], index[index.length - 1]];
    const terms = Array.from({ length: k }, (_, p) => [at(x, [...batch, i, p]), at(y, [...batch, p, j])]);
    return x.dtype === "int32"
      ? wrap(terms.reduce((sum, [a, b]) => sum + BigInt(a) * BigInt(b), 0n))
      : terms.reduce((sum, [a, b]) => sum + a * b, 0);
  });
  return tensor(values, { shape, dtype: x.dtype });
}

describe("matmul", () => {
  it.each(["float64", "float32", "int32"] as const)("equals the triple loop bit for bit in %s", (dtype) => {
    forAll(primitiveCases("matmul", { dtype, values: "wide" }), ({ operands: [x, y] }) => {
      expectSameBits(evaluate(primitives.matmul, [x, y], {}), tripleLoop(x, y));
    });
  });

  it("equals it on sizes around the 3 × 2 tiles", () => {
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 1, max: 7 }),
    );
    const pairs = sizes.chain(([m, k, n]) =>
      fc.tuple(tensorOf([m, k], { elements: scaled() }), tensorOf([k, n], { elements: scaled() })),
    );
    forAll(pairs, ([x, y]) => expectSameBits(evaluate(primitives.matmul, [x, y], {}), tripleLoop(x, y)));
  });

  it("carries NaN and infinities only into the rows and columns that hold them", () => {
    const x = tensor([
      [1, NaN],
      [2, 3],
    ]);
    const y = tensor([
      [Infinity, 1],
      [1, 1],
    ]);
    expect(evaluate(primitives.matmul, [x, y], {}).toArray()).toEqual([
      [NaN, NaN],
      [Infinity, 5],
    ]);
  });

  it("over an inner size of 0 is 0", () => {
    const got = evaluate(primitives.matmul, [tensor([], { shape: [2, 0] }), tensor([], { shape: [0, 3] })], {});
    expectSameBits(got, tensor([0, 0, 0, 0, 0, 0], { shape: [2, 3] }));
  });
});
