import { expectSameBits, forAll, tensors } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arange, concat, iota, ShapeError, stack, tensor, tri, zeros } from "../../src/index.ts";
import { at, tabulate } from "../support/naive.ts";

const x = arange(24).reshape([2, 3, 4]);

describe("reshape and ravel", () => {
  it("infer one size", () => {
    expect(x.reshape([4, -1]).shape).toEqual([4, 6]);
    expect(x.ravel().shape).toEqual([24]);
    expect(zeros([0, 3]).reshape([-1, 3]).shape).toEqual([0, 3]);
    expect(zeros([0, 3]).ravel().shape).toEqual([0]);
    expect(tensor(1).reshape([1, 1]).toArray()).toEqual([[1]]);
  });

  it("say what cannot be", () => {
    expect(() => x.reshape([5, -1])).toThrow("reshape: cannot infer −1 in [5, -1] from [2, 3, 4]");
    expect(() => x.reshape([-1, -1])).toThrow(ShapeError);
    expect(() => zeros([0]).reshape([0, -1])).toThrow(ShapeError);
    expect(() => x.reshape([-2, 12])).toThrow("sizes must be whole numbers");
  });

  it("to the same shape is the value itself", () => {
    expect(x.reshape([2, 3, 4])).toBe(x);
  });
});

describe("axes", () => {
  it("transpose reverses them, or permutes by a list", () => {
    expect(x.transpose().shape).toEqual([4, 3, 2]);
    expect(x.transpose([1, -1, 0]).shape).toEqual([3, 4, 2]);
    expect(tensor(1).transpose().shape).toEqual([]);
    expect(() => x.transpose([0, 0, 1])).toThrow("transpose: [0, 0, 1] is not a permutation of the axes of [2, 3, 4]");
    expect(() => x.transpose([0, 1])).toThrow(ShapeError);
  });

  it("a permutation and its inverse cancel", () => {
    forAll(
      tensors().chain((t) =>
        fc.tuple(
          fc.constant(t),
          fc.shuffledSubarray(
            t.shape.map((_, i) => i),
            { minLength: t.rank, maxLength: t.rank },
          ),
        ),
      ),
      ([t, order]) => {
        const inverse = order.map((_, i) => order.indexOf(i));
        expectSameBits(t.transpose(order).transpose(inverse), t);
      },
    );
  });

  it("swapAxes, moveAxis, expandDims, squeeze, flip", () => {
    expect(x.swapAxes(0, -1).shape).toEqual([4, 3, 2]);
    expect(x.moveAxis(0, -1).shape).toEqual([3, 4, 2]);
    expect(x.moveAxis(2, 0).shape).toEqual([4, 2, 3]);
    expect(x.expandDims(-1).shape).toEqual([2, 3, 4, 1]);
    expect(x.expandDims(0).shape).toEqual([1, 2, 3, 4]);
    expect(x.expandDims(1).squeeze(1).shape).toEqual([2, 3, 4]);
    expect(zeros([1, 2, 1]).squeeze().shape).toEqual([2]);
    expect(() => x.squeeze(0)).toThrow("squeeze: axis 0 of [2, 3, 4] must have size 1");
    expect(arange(3).flip().toArray()).toEqual([2, 1, 0]);
    expect(x.flip([0, 2]).slice(0, 0).toArray()).toEqual([15, 14, 13, 12]);
  });
});

describe("slice", () => {
  const row = arange(6);

  it("takes indices and ranges, from the end when negative, cut to the axis", () => {
    expect(row.slice(2).item()).toBe(2);
    expect(row.slice(-1).item()).toBe(5);
    expect(row.slice([1, 4]).toArray()).toEqual([1, 2, 3]);
    expect(row.slice([-2]).toArray()).toEqual([4, 5]);
    expect(row.slice([null, -4]).toArray()).toEqual([0, 1]);
    expect(row.slice([1, null, 2]).toArray()).toEqual([1, 3, 5]);
    expect(row.slice([4, 99]).toArray()).toEqual([4, 5]);
    expect(row.slice([4, 2]).shape).toEqual([0]);
    expect(row.slice([99]).shape).toEqual([0]);
    expect(row.slice([-99, 2]).toArray()).toEqual([0, 1]);
    expect(x.slice(null, 1).shape).toEqual([2, 4]);
    expect(x.slice(0, [0, 2], -1).toArray()).toEqual([3, 7]);
    expect(x.slice().toArray()).toEqual(x.toArray());
  });

  it("agrees with Array.prototype.slice on every start and stop", () => {
    const bounds = fc.oneof(fc.constant(null), fc.integer({ min: -9, max: 9 }));
    forAll(fc.tuple(bounds, bounds, fc.integer({ min: 1, max: 4 })), ([start, stop, step]) => {
      const want = [0, 1, 2, 3, 4, 5].slice(start ?? undefined, stop ?? undefined).filter((_, i) => i % step === 0);
      expect(row.slice([start, stop, step]).toArray()).toEqual(want);
    });
  });

  it("refuses what is out of range or not whole", () => {
    expect(() => row.slice(6)).toThrow("slice: index 6 is out of range at axis 0 of [6]");
    expect(() => row.slice([0, 3, 0])).toThrow("step must be a whole number ≥ 1, got 0; use flip");
    expect(() => row.slice([0.5])).toThrow("slice: bounds must be whole numbers, got 0.5 at axis 0");
    expect(() => row.slice(0, 0)).toThrow("slice: needs at most one range per axis, got 2 for [6]");
  });
});

describe("joining and cutting", () => {
  it("concat and stack are undone by split", () => {
    const [a, b] = [arange(6).reshape([2, 3]), arange(3).reshape([1, 3])];
    const [first, second] = concat([a, b]).split([2, 1]);
    expectSameBits([first, second], [a, b]);
    expectSameBits(stack([a, a], 1).split(2, 1)[1].squeeze(1), a);
    expect(stack([a, a], -1).shape).toEqual([2, 3, 2]);
    expect(stack([1, 2]).toArray()).toEqual([1, 2]);
    expect(concat([zeros([0, 3]), b]).shape).toEqual([1, 3]);
  });

  it("split refuses parts that do not fit", () => {
    expect(() => x.split(5, 2)).toThrow(
      "split: parts must be whole and add up to 4 at axis 2 of [2, 3, 4], got 5 parts",
    );
    expect(() => x.split([5, -1], 2)).toThrow("got [5, -1]");
    expect(() => x.split(0, 2)).toThrow(ShapeError);
    expect(() => x.split(-1, 2)).toThrow(ShapeError);
    expect(
      zeros([0])
        .split(2)
        .map((part) => part.shape),
    ).toEqual([[0], [0]]);
  });

  it("concat and stack refuse shapes and dtypes that differ", () => {
    expect(() => concat([])).toThrow("concat: needs at least one tensor");
    expect(() => stack([])).toThrow("stack: needs at least one tensor");
    expect(() => concat([1, 2])).toThrow("use stack");
    expect(() => concat([zeros([2]), zeros([2, 1])])).toThrow("shapes must agree except at axis 0");
    expect(() => stack([zeros([2]), zeros([3])])).toThrow("stack: shapes must agree, got [2] and [3]");
    expect(() => concat([zeros([2]), zeros([2], { dtype: "float32" })])).toThrow("concat: dtypes must agree");
  });
});

describe("repeating and padding", () => {
  it("tile repeats the whole along an axis", () => {
    expect(arange(2).tile(3).toArray()).toEqual([0, 1, 0, 1, 0, 1]);
    expect(arange(4).reshape([2, 2]).tile(2, 1).toArray()).toEqual([
      [0, 1, 0, 1],
      [2, 3, 2, 3],
    ]);
    expect(arange(2).tile(0).shape).toEqual([0]);
    expect(() => arange(2).tile(-1)).toThrow("tile: sizes must be whole numbers ≥ 0");
  });

  it("pad surrounds with zeros", () => {
    expect(
      arange(2)
        .add(1)
        .pad([[1, 2]])
        .toArray(),
    ).toEqual([0, 1, 2, 0, 0]);
    expect(tensor(3).pad([]).item()).toBe(3);
    expect(() => arange(2).pad([])).toThrow("pad: widths must be whole numbers ≥ 0 for every axis");
    expect(() => arange(2).pad([[-1, 0]])).toThrow(ShapeError);
    expect(() => arange(2).pad([[0.5, 0]])).toThrow(ShapeError);
  });

  it("broadcastTo refuses to shrink or to stretch what is not 1", () => {
    expect(arange(2).broadcastTo([3, 2]).toArray()).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(tensor([[1], [2]]).broadcastTo([2, 0]).shape).toEqual([2, 0]);
    expect(() => arange(2).broadcastTo([2, 3])).toThrow("broadcastTo: [2] does not broadcast to [2, 3]");
    expect(() => x.broadcastTo([4])).toThrow(ShapeError);
  });
});

describe("triangles and indices", () => {
  it("tril and triu keep one side of a diagonal, also in batches", () => {
    forAll(fc.tuple(tensors({ minRank: 2 }), fc.integer({ min: -3, max: 3 })), ([t, k]) => {
      const keep = (lower: boolean) =>
        tabulate(t.shape, (index) => {
          const [row, column] = index.slice(-2);
          return (lower ? column - row <= k : column - row >= k) ? at(t, index) : 0;
        });
      expectSameBits(t.tril(k), tensor(keep(true), { shape: t.shape }));
      expectSameBits(t.triu(k), tensor(keep(false), { shape: t.shape }));
    });
    expectSameBits(tri(3, 4, { k: 1 }), tensor(1).broadcastTo([3, 4]).tril(1));
    expect(() => arange(3).triu()).toThrow("triu: needs at least two axes, got [3]");
  });

  it("iota counts along an axis", () => {
    expect(iota([2, 3], 1).toArray()).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(iota([3], 0, "float32").dtype).toBe("float32");
    expect(() => iota([], 0)).toThrow("iota: axis 0 is out of range");
  });
});
