import { expectClose, expectSameBits, forAll, primitiveCasesOfAnyType } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { type DenseTensor, evaluate, primitives, tensor } from "../../src/index.ts";
import { at, indicesOf, tabulate, valuesOf, wrap } from "../support/naive.ts";

const int = (values: number[]): DenseTensor => tensor(values, { dtype: "int32" });

describe("gather", () => {
  it("reads x at [...B, indices[...B, ...K], ...R]", () => {
    forAll(primitiveCasesOfAnyType("gather"), ({ operands: [x, indices], params }) => {
      const got = evaluate(primitives.gather, [x, indices], params);
      const [b, k] = [params.batchAxes, indices.rank];
      const want = tabulate(got.shape, (index) =>
        at(x, [...index.slice(0, b), at(indices, index.slice(0, k)), ...index.slice(k)]),
      );
      expectSameBits(got, tensor(want, { shape: got.shape, dtype: got.dtype }));
    });
  });

  it("the primitive itself clamps, as compiled programs do", () => {
    const got = evaluate(primitives.gather, [tensor([1, 2, 3]), int([-7, 0, 99])], { batchAxes: 0 });
    expect(valuesOf(got)).toEqual([1, 1, 3]);
  });
});

describe("scatterAdd", () => {
  it("adds every update at its index, and rounds once", () => {
    forAll(primitiveCasesOfAnyType("scatterAdd"), ({ operands: [updates, indices], params }) => {
      const got = evaluate(primitives.scatterAdd, [updates, indices], params);
      const [b, k] = [params.batchAxes, indices.rank];
      const want = tabulate(got.shape, (index) => {
        const hits = [...indicesOf(indices.shape)].filter(
          (pick) => pick.slice(0, b).every((i, axis) => i === index[axis]) && at(indices, pick) === index[b],
        );
        const terms = hits.map((pick) => at(updates, [...pick.slice(0, k), ...index.slice(b + 1)]));
        if (got.dtype === "int32") return wrap(terms.reduce((sum, term) => sum + BigInt(term), 0n));
        return terms.reduce((sum, term) => sum + term, 0);
      });
      const expected = tensor(want, { shape: got.shape, dtype: got.dtype });
      if (got.dtype !== "float64") expectSameBits(got, expected);
      else {
        const sizes = evaluate(primitives.scatterAdd, [updates.abs().concrete("test"), indices], params);
        expectClose(got, expected, { ulp: 8, condition: sizes });
      }
    });
  });
});

describe("argsort", () => {
  it("is a stable order with NaN last, along any axis", () => {
    forAll(primitiveCasesOfAnyType("argsort", { values: "special" }), ({ operands: [x], params: { axis } }) => {
      const got = evaluate(primitives.argsort, [x], { axis });
      const n = x.shape[axis];
      for (const index of indicesOf(x.shape.with(axis, 1))) {
        const line = Array.from({ length: n }, (_, i) => at(x, index.with(axis, i)));
        const order = Array.from({ length: n }, (_, i) => at(got, index.with(axis, i)));
        expect([...order].sort((a, b) => a - b)).toEqual(line.map((_, i) => i));
        for (let i = 1; i < n; i++) {
          const [before, after] = [line[order[i - 1]], line[order[i]]];
          const isSame = before === after || (Number.isNaN(before) && Number.isNaN(after));
          if (isSame) expect(order[i - 1]).toBeLessThan(order[i]);
          else expect(before < after || Number.isNaN(after)).toBe(true);
        }
      }
    });
  });

  it("puts NaN behind infinity and keeps the order of equals", () => {
    const x = tensor([NaN, 2, -0, Infinity, 0, NaN, 2]);
    expect(valuesOf(evaluate(primitives.argsort, [x], { axis: 0 }))).toEqual([2, 4, 1, 6, 3, 0, 5]);
  });
});
