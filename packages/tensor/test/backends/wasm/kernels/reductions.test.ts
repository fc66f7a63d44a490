import { describe, expect, it } from "vitest";
import { max, min, sum, type Tensor } from "../../../../src/index.ts";
import { compiledCheck, values } from "../support/compiledCheck.ts";
import { runSplit } from "../support/runSplit.ts";

const check = compiledCheck([1, 2, 5]);

describe.each(["float32", "float64", "int32"] as const)("groups of channels of pictures in %s", (dtype) => {
  it.each([
    [3, 35, 4, 2],
    [5, 64, 3, 1],
    [1, 200, 8, 6],
    [2, 1, 5, 3],
    [4, 17, 2, 15],
    [2, 33, 3, 16],
    [2, 9, 1, 7],
    [3, 1300, 2, 3],
  ])("are reduced at all pixels, [%i, %i, %i, %i]", (...shape) => {
    const [x, y] = [values(1, shape, dtype), values(2, [shape[0], shape[2], 1], dtype)];
    for (const reduce of [sum, max, min]) {
      check((x) => reduce(x, [1, 3]), x);
      check((x) => reduce(x, [1, 3], { keepDims: true }), x);
    }
    const scaled = (x: Tensor, y: Tensor): Tensor => x.mul(y.expandDims(1));
    check((x, y) => sum(scaled(x, y), [1, 3]), x, y);
    check((x) => sum(x.swapAxes(0, 1), [0, 3]), x);
    check((x) => sum(x.flip([3]), [1, 3]), x);
    check((x) => sum(x.slice(null, [0, shape[1], 2]), [1, 3]), x);
  });

  it("fill vectors with channels of several groups, and runs of their sums follow", () => {
    const x = values(1, [3, 35, 4, 2], dtype);
    expect(check((x) => sum(x, [1, 3]), x)).toEqual([3, 12]);
    // Runs of sixteen fill vectors by themselves.
    expect(check((x) => sum(x, [1, 3]), values(1, [3, 35, 4, 16], dtype))).toEqual([3]);
  });

  it("keep NaN and infinities, and sums of nothing are zero", () => {
    if (dtype === "int32") return;
    const x = values(1, [2, 30, 4, 2], dtype);
    (x.buffer as Float64Array).set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 20);
    for (const reduce of [sum, max, min]) {
      const f = (x: Tensor): Tensor => reduce(x, [1, 3]);
      const [got] = runSplit(f, [x]).outputs;
      const want = f(x).dataSync();
      got.buffer.forEach((value, i) => {
        if (!Number.isFinite(want[i])) expect(value).toBe(want[i]);
      });
      expect(want.some(Number.isNaN)).toBe(true);
    }
    expect(runSplit((x) => sum(x, [1, 3]), [values(1, [2, 0, 4, 2], dtype)]).outputs[0].dataSync()).toEqual(
      new (x.buffer.constructor as Float64ArrayConstructor)(8),
    );
  });
});
