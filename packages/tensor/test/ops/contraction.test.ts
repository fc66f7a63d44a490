import { expectClose, forAll, shapes, tensorOf } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arange, dot, einsum, matmul, outer, type Tensor, tensor, zeros } from "../../src/index.ts";
import { at, indicesOf, tabulate } from "../support/naive.ts";

const rtol = 1e-13;

describe("matmul", () => {
  const sizes = fc.constantFrom(1, 2, 3, 5, 0);

  it("multiplies with leading axes broadcast, as NumPy does", () => {
    const batches = fc.constantFrom<[number[], number[]]>(
      [[], []],
      [[2], []],
      [[], [2]],
      [[3], [1]],
      [[2, 1], [3]],
      [[0], [1]],
    );
    const cases = fc
      .tuple(batches, sizes, sizes, sizes)
      .chain(([[b, c], m, k, n]) => fc.tuple(tensorOf([...b, m, k]), tensorOf([...c, k, n])));
    forAll(cases, ([x, y]) => {
      const got = matmul(x, y);
      const read = (t: Tensor, index: readonly number[]): number =>
        at(
          t,
          t.shape.map((size, axis) => (size === 1 && axis < t.rank - 2 ? 0 : index[index.length - t.rank + axis])),
        );
      const terms = (index: readonly number[]): number[] => {
        const [batch, i, j] = [index.slice(0, -2), index[index.length - 2], index[index.length - 1]];
        return Array.from(
          { length: x.shape[x.rank - 1] },
          (_, p) => read(x, [...batch, i, p]) * read(y, [...batch, p, j]),
        );
      };
      const want = tabulate(got.shape, (index) => terms(index).reduce((a, b) => a + b, 0));
      const condition = tabulate(got.shape, (index) => terms(index).reduce((a, b) => a + Math.abs(b), 0));
      expectClose(got, tensor(want, { shape: got.shape }), { rtol, condition });
    });
  });

  it("takes a vector for a row on the left and a column on the right", () => {
    const [v, m] = [arange(3), arange(6).reshape([3, 2])];
    expect(matmul(v, m).toArray()).toEqual([10, 13]);
    expect(matmul(m.transpose(), v).toArray()).toEqual([10, 13]);
    expect(matmul(v, v).toArray()).toBe(5);
    expect(matmul(zeros([2, 4, 3]), v).shape).toEqual([2, 4]);
    expect(matmul(v, zeros([2, 3, 4])).shape).toEqual([2, 4]);
    expect(matmul(zeros([0]), zeros([0])).item()).toBe(0);
  });

  it("names the shapes where they do not fit, and what to try", () => {
    expect(() => matmul(zeros([32, 3]), zeros([4, 8]))).toThrow("matmul: inner sizes must agree, got [32, 3] × [4, 8]");
    expect(() => matmul(zeros([32, 3]), zeros([8, 3]))).toThrow("did you mean transpose(b)?");
    expect(() => matmul(zeros([2]), 3)).toThrow("matmul: operands need axes, got [2] × []; use mul");
    expect(() => matmul(zeros([2, 2]), zeros([2, 2], { dtype: "float32" }))).toThrow("matmul: dtypes must agree");
    expect(() => matmul(zeros([2, 3, 4]), zeros([3, 4, 2]))).toThrow(
      "matmul: axes before the last two must broadcast, got [2, 3, 4] × [3, 4, 2]",
    );
  });
});

describe("dot and outer", () => {
  it("dot sums products over all axes or some", () => {
    const [a, b] = [arange(6).reshape([2, 3]), arange(6).reshape([2, 3]).add(1)];
    expect(dot(a, b).item()).toBe(0 + 2 + 6 + 12 + 20 + 30);
    expect(dot(a, b, -1).toArray()).toEqual([8, 62]);
    expect(outer(arange(2), arange(3)).toArray()).toEqual([
      [0, 0, 0],
      [0, 1, 2],
    ]);
    expect(() => outer(a, b)).toThrow("outer: needs two vectors, got [2, 3] and [2, 3]");
  });
});

describe("einsum", () => {
  /** Σ over all letters that are not in the output, by one loop over everything. */
  function loops(spec: string, operands: readonly Tensor[]): { value: Tensor; terms: Tensor } {
    const [left, right] = spec.split("->");
    const inputs = left.split(",");
    const sizes = new Map<string, number>();
    inputs.forEach((letters, i) => {
      [...letters].forEach((letter, axis) => {
        sizes.set(letter, operands[i].shape[axis]);
      });
    });
    const letters = [...sizes.keys()];
    const shape = [...right].map((letter) => sizes.get(letter)!);
    const sums = new Map<string, [number, number]>();
    for (const index of indicesOf(letters.map((letter) => sizes.get(letter)!))) {
      const place = (text: string): number[] => [...text].map((letter) => index[letters.indexOf(letter)]);
      const product = operands.reduce((value, x, i) => value * at(x, place(inputs[i])), 1);
      const key = place(right).join();
      const [sum, size] = sums.get(key) ?? [0, 0];
      sums.set(key, [sum + product, size + Math.abs(product)]);
    }
    const read = (which: 0 | 1) =>
      tensor(
        tabulate(shape, (index) => sums.get(index.join())?.[which] ?? 0),
        { shape },
      );
    return { value: read(0), terms: read(1) };
  }

  const specs = [
    "ij,jk->ik",
    "bij,bjk->bik",
    "ij,ij->",
    "ij,ij->ij",
    "i,j->ij",
    "i,j->ji",
    "bij,kj->bik",
    "ijk,jil->kl",
    "abc,cd->dba",
    "ij,k->ik",
    "i,->i",
    ",->",
    "ab,bc->ca",
    "bi,bj->bij",
  ];

  it.each([...specs, "ij->ji", "ij->", "ijk->ki", "i->i", "ij->j"])("%s equals loops over all letters", (spec) => {
    const inputs = spec.split("->")[0].split(",");
    const sizes = fc.array(fc.constantFrom(1, 2, 3, 2, 3, 0), { minLength: 12, maxLength: 12 });
    const cases = sizes.chain((n) =>
      fc.tuple(...inputs.map((letters) => tensorOf([...letters].map((letter) => n[letter.charCodeAt(0) - 97])))),
    );
    forAll(
      cases,
      (operands) => {
        const { value, terms } = loops(spec, operands);
        expectClose(einsum(spec, ...operands), value, { rtol, condition: terms });
      },
      { runs: 40 },
    );
  });

  it("without an arrow keeps the letters that occur once, in alphabetical order", () => {
    const [a, b] = [arange(6).reshape([2, 3]), arange(12).reshape([3, 4])];
    expectClose(einsum("ij,jk", a, b), matmul(a, b));
    expect(einsum("ba", a).shape).toEqual([3, 2]);
    expect(einsum("i,i", arange(3), arange(3)).item()).toBe(5);
    expect(einsum("ij, jk -> ik", a, b).shape).toEqual([2, 4]);
  });

  it("says what is wrong with a specification", () => {
    const a = zeros([2, 3]);
    expect(() => einsum("ij,jk->ik", a)).toThrow(
      'einsum: "ij,jk->ik" must name one or two operands by letters, got 1 operand(s)',
    );
    expect(() => einsum("i1,jk->ik", a, a)).toThrow("by letters");
    expect(() => einsum("ij->ik", a)).toThrow("output letters");
    expect(() => einsum("ij->ii", a)).toThrow("must be distinct");
    expect(() => einsum("ijk->i", a)).toThrow("one distinct letter per axis of [2, 3]");
    expect(() => einsum("ii->i", a)).toThrow("one distinct letter per axis");
    expect(() => einsum("ij,jk->ik", a, a)).toThrow('einsum: "j" of "ij,jk->ik" must have one size, got 3 and 2');
  });

  it("broadcasts nothing and is a matmul for every batch", () => {
    forAll(
      shapes({ minRank: 3, maxRank: 3 }).chain((shape) => tensorOf(shape)),
      (x) => {
        expectClose(einsum("bij,bkj->bik", x, x), matmul(x, x.swapAxes(1, 2)), { condition: x.square().sum().item() });
      },
    );
  });
});
