import { grad, jvp } from "@pushforward/autodiff";
import { compile, onesLike, sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../../src/distributions/gaussian.ts";
import { averageVelocityOf } from "../../src/flowMaps/averageVelocity.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

const law = gaussian({
  mean: [1, -1],
  cov: [
    [1, 0.6],
    [0.6, 0.5],
  ],
});
const u = averageVelocityOf(law.flowMap);
const x = tensor([
  [0.54, -1.04],
  [-1.2, 2.1],
  [0.1, 0.9],
]);
const s = tensor([[0.2], [0.6], [0.5]]);
// far, close, equal
const t = tensor([[0.7], [0.59], [0.5]]);

describe("averageVelocityOf", () => {
  it("is the exact average velocity for far, close and equal times", () => {
    expectValues(u(x, s, t), valuesOf(law.averageVelocity(x, s, t)), 1e-13);
    for (const end of [0.2, 0.2 + 1e-9, 0.215, 0.225, 1]) {
      expectValues(u(x, 0.2, end), valuesOf(law.averageVelocity(x, 0.2, end)), 1e-13);
    }
  });

  it("has its derivatives too, in both modes", () => {
    const ds = onesLike(s);
    const along = (field: typeof u) =>
      jvp((y: Tensor, a: Tensor, b: Tensor) => field(y, a, b), [x, s, t], [law.velocity(x, s), ds, ds.mul(0.5)])[1];
    expectValues(along(u), valuesOf(along(law.averageVelocity)), 1e-11);
    const pull = (field: typeof u) => grad((a: Tensor) => sum(field(x, a, t)))(s) as Tensor;
    expectValues(pull(u), valuesOf(pull(law.averageVelocity)), 1e-11);
  });

  it("compiles with both cases in one program", () => {
    const compiled = compile((a: Tensor, b: Tensor) => u(x, a, b));
    expectValues(compiled(s, t), valuesOf(law.averageVelocity(x, s, t)), 1e-13);
  });

  it("the bare quotient would lose its digits", () => {
    const h = 1e-9;
    const quotient = law
      .flowMap(x, 0.2, 0.2 + h)
      .sub(x)
      .div(h);
    expect(
      quotient
        .sub(law.averageVelocity(x, 0.2, 0.2 + h))
        .abs()
        .max()
        .item(),
    ).toBeGreaterThan(1e-9);
  });
});
