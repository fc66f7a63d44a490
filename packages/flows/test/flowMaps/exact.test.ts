import { jvp } from "@pushforward/autodiff";
import { compile, onesLike, sub, type Tensor, tensor } from "@pushforward/tensor";
import { expm, type Matrix, matrix, multiply } from "mathjs";
import { describe, expect, it } from "vitest";
import { gaussian } from "../../src/distributions/gaussian.ts";
import type { ExactFlow } from "../../src/flow.ts";
import { linearOde, pointMass } from "../../src/flowMaps/exact.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

const A = [
  [-0.5, 2],
  [-1.5, 0.3],
];
const x = tensor([
  [0.54, -1.04],
  [-1.2, 2.1],
]);

const flows: [string, ExactFlow][] = [
  [
    "gaussian",
    gaussian({
      mean: [1, -1],
      cov: [
        [1, 0.6],
        [0.6, 0.5],
      ],
    }),
  ],
  ["linearOde", linearOde(A)],
  ["pointMass", pointMass([0.5, -0.2])],
];

describe.each(flows)("%s", (_, { velocity, flowMap, averageVelocity }) => {
  const s = tensor([[0.2], [0.8]]);
  const t = tensor([[0.7], [0.1]]);

  it("follows its velocity: ∂ₜΦ = v(Φ, t)", () => {
    const [y, slope] = jvp((end: Tensor) => flowMap(x, s, end), [t], [onesLike(t)]);
    expectValues(slope, valuesOf(velocity(y, t)), 1e-13);
  });

  it("forgets its start along the flow: ∂ₛΦ + ∂ₓΦ·v = 0", () => {
    const [, residual] = jvp((y: Tensor, start: Tensor) => flowMap(y, start, t), [x, s], [velocity(x, s), onesLike(s)]);
    expectValues(residual, [0, 0, 0, 0], 1e-13);
    // control: along another direction it does not
    const [, other] = jvp((y: Tensor, start: Tensor) => flowMap(y, start, t), [x, s], [onesLike(x), onesLike(s)]);
    expect(other.abs().max().item()).toBeGreaterThan(1e-2);
  });

  it("has Φ = x + (t − s)·u, and u = v at s = t", () => {
    expectValues(x.add(sub(t, s).mul(averageVelocity(x, s, t))), valuesOf(flowMap(x, s, t)), 1e-14);
    expectValues(averageVelocity(x, s, s), valuesOf(velocity(x, s)), 1e-14);
  });

  it("has a differentiable average velocity at s = t: du/dt = ½·dv/dt along the flow", () => {
    const [, slope] = jvp((end: Tensor) => averageVelocity(x, s, end), [s], [onesLike(s)]);
    const [, acceleration] = jvp((y: Tensor, time: Tensor) => velocity(y, time), [x, s], [velocity(x, s), onesLike(s)]);
    expectValues(slope, valuesOf(acceleration.mul(0.5)), 1e-12);
  });

  it("takes scalars like columns, and compiles", () => {
    const same = flowMap(x, tensor([[0.2], [0.2]]), tensor([[0.9], [0.9]]));
    expectValues(flowMap(x, 0.2, 0.9), valuesOf(same), 1e-14);
    expectValues(compile((y: Tensor, end: Tensor) => flowMap(y, 0.2, end))(x, tensor(0.9)), valuesOf(same), 1e-13);
    const float = averageVelocity(x.cast("float32"), 0.2, 0.9);
    expect(float.dtype).toBe("float32");
    expectValues(float, valuesOf(averageVelocity(x, 0.2, 0.9)), 1e-5);
  });
});

describe("linearOde", () => {
  it("is the matrix exponential of mathjs, also over long times", () => {
    for (const [s, t] of [
      [0.2, 0.7],
      [1, -2],
      [0, 5],
    ]) {
      const e = expm(matrix(A.map((row) => row.map((a) => a * (t - s)))));
      const expected = (multiply(e, [0.54, -1.04]) as Matrix).toArray() as number[];
      expectValues(linearOde(A).flowMap(x.slice([0, 1]), s, t), expected, 1e-11);
    }
  });

  it("refuses matrices that are not square or finite, and other points", () => {
    expect(() => linearOde([[1, 2]])).toThrow(
      "linearOde: the matrix must be square, got 1 rows and 2 entries in row 0",
    );
    expect(() => linearOde([[Number.NaN]])).toThrow(/finite/);
    expect(() => linearOde(A).flowMap(tensor([[1]]), 0, 1)).toThrow(/linearOde.flowMap: x must be \[batch, 2\]/);
  });
});

describe("pointMass", () => {
  it("reaches its point at t = 1 from anywhere", () => {
    expectValues(pointMass([0.5, -0.2]).flowMap(x, 0.3, 1), [0.5, -0.2, 0.5, -0.2], 1e-16);
  });
});
