import { broadcastPairs, forAll, shapes } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  arange,
  broadcastShapes,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  ShapeError,
  sameShape,
  sizeOf,
  stridesOf,
  zeros,
} from "../../src/index.ts";
import { indicesOf } from "../support/naive.ts";

describe("shapes", () => {
  it("the size is the number of indices, the strides number them in row-major order", () => {
    forAll(shapes(), (shape) => {
      const strides = stridesOf(shape);
      expect(indicesOf(shape).length).toBe(sizeOf(shape));
      indicesOf(shape).forEach((index, i) => {
        expect(index.reduce((sum, n, axis) => sum + n * strides[axis], 0)).toBe(i);
      });
    });
  });

  it("0-d has one element, an axis of size 0 none", () => {
    expect(sizeOf([])).toBe(1);
    expect(sizeOf([3, 0, 2])).toBe(0);
    expect(formatShape([2, 3])).toBe("[2, 3]");
    expect(sameShape([], [1])).toBe(false);
  });

  it("axes count from the end when negative, and must differ", () => {
    expect(normalizeAxis("op", -1, [2, 3])).toBe(1);
    expect(normalizeAxes("op", [1, -2], [2, 3])).toEqual([0, 1]);
    expect(normalizeAxes("op", null, [2, 3])).toEqual([0, 1]);
    expect(() => normalizeAxis("op", 2, [2, 3])).toThrow("op: axis 2 is out of range for shape [2, 3]");
    expect(() => normalizeAxis("op", 0, [])).toThrow(ShapeError);
    expect(() => normalizeAxis("op", 0.5, [2])).toThrow("axis 0.5");
    expect(() => normalizeAxes("op", [0, -2], [2, 3])).toThrow("axes must differ");
  });
});

describe("broadcasting", () => {
  it("is symmetric, and adding follows it", () => {
    forAll(broadcastPairs(), ({ a, b, both }) => {
      expect(broadcastShapes("op", a, b)).toEqual(both);
      expect(broadcastShapes("op", b, a)).toEqual(both);
      expect(zeros(a).add(zeros(b)).shape).toEqual(both);
    });
  });

  it("of equal values is elementwise addition of what was repeated", () => {
    forAll(broadcastPairs(), ({ a, b, both }) => {
      const [x, y] = [a, b].map((shape) => arange(sizeOf(shape)).reshape(shape));
      expect(x.add(y).toArray()).toEqual(x.broadcastTo(both).add(y.broadcastTo(both)).toArray());
    });
  });

  it("size 0 stretches nothing but 1", () => {
    expect(broadcastShapes("op", [0], [1])).toEqual([0]);
    expect(() => broadcastShapes("op", [0], [2])).toThrow(ShapeError);
  });

  it("names both shapes where they do not fit", () => {
    expect(() => zeros([2, 3]).add(zeros([2]))).toThrow(
      "add: shapes must broadcast, got [2, 3] and [2]; sizes at an axis must agree or be 1",
    );
  });
});
