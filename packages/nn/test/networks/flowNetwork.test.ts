import { compile, concat, key, normal, type Tensor, tensor, treeMap } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { averageVelocityNetwork, type EmbeddingSpec, velocityNetwork } from "../../src/index.ts";
import { expectWithin, numbersOf } from "../support/close.ts";

const embeddings: EmbeddingSpec[] = [{ kind: "sinusoidal" }, { kind: "fourier", size: 8, scale: 0.5 }];
const options = { dim: 2, width: 16, depth: 2, lastInit: "glorotNormal" } as const;

describe.each(embeddings)("networks with $kind times", (embedding) => {
  const u = averageVelocityNetwork({ ...options, embedding });
  const params = u.init(key(0));
  const x = normal(key(1), [3, 2]);

  it("scalar times, numbers and columns mean the same", () => {
    const expected = u.apply(params, x, tensor([[0.25], [0.25], [0.25]]), tensor([[0.75], [0.75], [0.75]]));
    expectSameBits(u.apply(params, x, tensor(0.25), tensor(0.75)), expected);
    expectSameBits(u.apply(params, x, 0.25, 0.75), expected);
    expectSameBits(u.apply(params, x, 0.25, tensor([[0.75]])), expected);
    expect(expected.shape).toEqual([3, 2]);
  });

  it("each row uses its own times, in either order", () => {
    const [s, t] = [tensor([[0.1], [0.9], [0.5]]), tensor([[0.6], [0.2], [0.5]])];
    const all = numbersOf(u.apply(params, x, s, t));
    const rows = [0, 1, 2].flatMap((i) =>
      numbersOf(u.apply(params, x.slice([i, i + 1]), s.slice(i, 0), t.slice(i, 0))),
    );
    expectWithin(tensor(all), rows, 1e-15);
    const swapped = numbersOf(u.apply(params, x, t, s));
    expect(Math.max(...all.slice(0, 4).map((value, i) => Math.abs(value - swapped[i])))).toBeGreaterThan(1e-3);
  });

  it("is smooth in both times: second differences shrink with the square of the step", () => {
    const bend = (h: number): number => {
      const at = (t: number): number[] => numbersOf(u.apply(params, x, 0.5, t));
      const [a, b, c] = [at(0.5 - h), at(0.5), at(0.5 + h)];
      return Math.max(...b.map((_, i) => Math.abs(a[i] - 2 * b[i] + c[i])));
    };
    // A kink on the diagonal t = s would give a factor of 2.
    expect(bend(2e-3) / bend(1e-3)).toBeGreaterThan(3.8);
    expect(bend(2e-3) / bend(1e-3)).toBeLessThan(4.2);
  });

  it("the dtype of the parameters is the dtype of the result", () => {
    const small = treeMap((p: Tensor) => p.cast("float32"), params);
    const out = u.apply(small, x.cast("float32"), 0.2, tensor(0.7, { dtype: "float32" }));
    expect(out.dtype).toBe("float32");
    expectWithin(out, numbersOf(u.apply(params, x, 0.2, 0.7)), 1e-5);
    expect(() => u.apply(small, x.cast("float32"), 0.2, tensor(0.7))).toThrow("float64");
  });

  it("compiles to the same bits", () => {
    const args = [params, x, tensor([[0.1], [0.2], [0.3]]), tensor(0.9)] as const;
    expectSameBits(compile(u.apply)(...args), u.apply(...args));
  });
});

describe("networks that trainings ask", () => {
  const v = velocityNetwork(options);
  const u = averageVelocityNetwork(options);
  const taught = v.init(key(3), { dtype: "float32" });

  it("start as a velocity: two times, of which the second changes nothing", () => {
    const params = u.startingAs(taught);
    const x = normal(key(5), [6, 2], { dtype: "float32" });
    expectSameBits(u.apply(params, x, 0.3, 0.9), u.apply(params, x, 0.3, 0.4));
    const gap = u.apply(params, x, 0.3, 0.9).sub(v.apply(taught, x, 0.3));
    expect(Math.max(...gap.abs().dataSync())).toBeLessThan(1e-6);
    expect(Math.max(...u.apply(params, x, 0.3, 0.9).abs().dataSync())).toBeGreaterThan(0.1);
    expect(v.startingAs(taught)).toBe(taught);
  });

  it("know the part of a tree that belongs to their last layer", () => {
    const params = u.init(key(4));
    expect(u.lastLayer(params)).toBe(params.layers.at(-1));
  });
});

describe("velocityNetwork", () => {
  const v = velocityNetwork({ dim: 2, width: 8, depth: 1, lastInit: "glorotNormal" });

  it("takes one time, and works on a single unbatched point", () => {
    const params = v.init(key(3));
    const [point, time] = [tensor([0.5, -1]), 0.3];
    expectWithin(
      v.apply(params, point, time),
      numbersOf(v.apply(params, point.reshape([1, 2]), tensor([[time]]))),
      1e-15,
    );
  });

  it("starts as the zero velocity by default", () => {
    const zero = velocityNetwork({ dim: 3 });
    expectWithin(zero.apply(zero.init(key(0)), normal(key(1), [2, 3]), 0.5), new Array(6).fill(0), 0);
  });

  it("refuses times whose shape does not fit x", () => {
    expect(() => v.apply(v.init(key(0)), normal(key(1), [3, 2]), tensor([0.1, 0.2, 0.3]))).toThrow(
      "velocityNetwork: times must be scalars or [3, 1] for x [3, 2], got [3]",
    );
  });
});

describe("networks with classes", () => {
  const classes = 3;
  const labels = tensor([2, 0, 3], { dtype: "int32" });
  const x = normal(key(1), [3, 2]);
  const u = averageVelocityNetwork({ ...options, classes });
  const params = u.init(key(0));

  it("add the row of the class to the first layer: the columns of a class are 1 for its label alone", () => {
    // By hand: a network without classes whose first bias has the row of one class.
    const plain = averageVelocityNetwork(options);
    const [{ weight, bias }, ...rest] = params.layers;
    const [first, size] = [2 + 16, classes + 1]; // coordinates and the first embedded time come before the classes
    const without = concat([weight.slice([0, first]), weight.slice([first + size, weight.shape[0]])], 0);
    [2, 0, 3].forEach((label, i) => {
      const layers = [{ weight: without, bias: bias.add(weight.slice(first + label)) }, ...rest];
      const row = [x.slice([i, i + 1]), 0.2, 0.7] as const;
      expectWithin(
        u.apply(params, ...row, labels.slice([i, i + 1])),
        numbersOf(plain.apply({ layers }, ...row)),
        1e-14,
      );
    });
    // control: another label is another function
    expect(numbersOf(u.apply(params, x, 0.2, 0.7, labels))).not.toEqual(
      numbersOf(u.apply(params, x, 0.2, 0.7, labels.mul(0))),
    );
  });

  it("take points without labels for points without a class", () => {
    const none = tensor([3, 3, 3], { dtype: "int32" });
    expectSameBits(u.apply(params, x, 0.2, 0.7), u.apply(params, x, 0.2, 0.7, none));
    expect(numbersOf(u.apply(params, x, 0.2, 0.7))).not.toEqual(numbersOf(u.apply(params, x, 0.2, 0.7, labels)));
  });

  it("begin as a velocity with the same classes", () => {
    const v = velocityNetwork({ ...options, classes });
    const velocity = v.init(key(4));
    const begun = u.startingAs(velocity);
    expectWithin(u.apply(begun, x, 0.3, 0.9, labels), numbersOf(v.apply(velocity, x, 0.3, labels)), 1e-14);
  });

  it("refuse labels that are none, or that nothing can be done with", () => {
    const apply = (given: Tensor) => () => u.apply(params, x, 0.2, 0.7, given);
    expect(apply(tensor([0, 1, 2]))).toThrow("averageVelocityNetwork: labels must be an int32 tensor, got float64");
    expect(apply(tensor([0, 1, 4], { dtype: "int32" }))).toThrow("labels must lie in [0, 3], got 4 at position 2");
    expect(apply(tensor([0, 1], { dtype: "int32" }))).toThrow("labels must be [3], one per");
    const plain = averageVelocityNetwork(options);
    expect(() => plain.apply(plain.init(key(0)), x, 0.2, 0.7, labels)).toThrow(
      "averageVelocityNetwork: labels need classes, got none; make the network with { classes }",
    );
    expect(() => averageVelocityNetwork({ ...options, classes: 0 })).toThrow("classes must be a whole number ≥ 1");
  });
});
