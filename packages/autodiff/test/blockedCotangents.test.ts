import { compile, DTypeError, ShapeError, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { blockedCotangents, checkpoint, stopGradient, vmap } from "../src/index.ts";

/** x·sg(x)·sg(y)²: at the stop of x the cotangent is x·y², at each of the two stops of y it is x²·y. */
const f = (x: Tensor, y: Tensor): Tensor =>
  x.mul(stopGradient(x, "a")).mul(stopGradient(y, "b")).mul(stopGradient(y, "b"));

const numbers = (blocked: readonly Tensor[]): number[] => blocked.map((each) => each.item());

describe("blockedCotangents", () => {
  it("returns the cotangent at every stop, by label", () => {
    const { a, b } = blockedCotangents(f)(tensor(2), tensor(3));
    expect(numbers(a)).toEqual([18]);
    expect(numbers(b)).toEqual([12, 12]);
  });

  it("has no entry for a function without stops", () => {
    expect(blockedCotangents((x: Tensor) => x.mul(x))(tensor(2))).toEqual({});
  });

  it("compiles and batches, and sees through a checkpoint", () => {
    const both = (x: Tensor, y: Tensor) => blockedCotangents(f)(x, y).b[1];
    const [xs, ys] = [tensor([2, 5]), tensor([3, -1])];
    expect(vmap(both)(xs, ys).toArray()).toEqual([12, -25]);
    expect(compile(vmap(both))(xs, ys).toArray()).toEqual([12, -25]);
    expect(numbers(blockedCotangents(checkpoint(f))(tensor(2), tensor(3)).a)).toEqual([18]);
  });

  it("refuses what has no gradient", () => {
    const wrong = (value: unknown) => value as never;
    expect(() => blockedCotangents(wrong(3))).toThrow(DTypeError);
    expect(() => blockedCotangents((x: Tensor) => stopGradient(x))(tensor([1, 2]))).toThrow(
      new ShapeError(
        "blockedCotangents: the function must return a scalar, got float64[2]; reduce it with sum() or mean()",
      ),
    );
  });
});
