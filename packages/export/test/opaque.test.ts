import { grad, jvp } from "@pushforward/autodiff";
import { DomainError, ones, ShapeError, type Tensor, tensor, trace, zeros } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { exportProgram, opaque } from "../src/index.ts";

const u = opaque("u", { args: [[2], []], result: [2] });

const namesOf = (f: (x: Tensor, t: Tensor) => unknown): string[] =>
  trace(f as (x: Tensor, t: Tensor) => Tensor)(ones([2]), tensor(0.5)).equations.map(({ primitive }) => primitive.name);

describe("opaque", () => {
  it("traces an application to one equation", () => {
    expect(namesOf((x, t) => u(x, t))).toEqual(["apply"]);
  });

  it("traces a jvp to the application and one equation of the jvp", () => {
    expect(namesOf((x, t) => jvp(u, [x, t], [x, t]))).toEqual(["apply", "applyJvp"]);
  });

  it("takes numbers, in the dtype of its arrays", () => {
    const program = trace((x: Tensor) => u(x, 1))(ones([2], { dtype: "float32" }));
    expect(program.equations[0].operands.map(({ dtype }) => dtype)).toEqual(["float32", "float32"]);
  });

  it("differentiates a jvp once more", () => {
    const second = (x: Tensor, t: Tensor): Tensor =>
      jvp((time: Tensor) => jvp((inner: Tensor) => u(x, inner), [time], [ones([])])[1], [t], [ones([])])[1];
    const { text } = exportProgram(trace(second, { names: ["x", "t"] })(ones([2]), tensor(0.5)), "jax");
    expect(text).toContain("jax.jvp(lambda *z: jax.jvp(u, z[:2], z[2:])[1], ");
  });

  it("refuses other shapes, dtypes and counts", () => {
    const apply =
      (...args: Tensor[]) =>
      () =>
        trace(u)(...args);
    expect(apply(ones([3]), tensor(0.5))).toThrow(new ShapeError("u: argument 0 must be [2], got [3]"));
    expect(apply(ones([2]))).toThrow(new ShapeError("u: takes 2 argument(s), got 1"));
    const whole = zeros([2], { dtype: "int32" });
    expect(() => trace((x: Tensor) => u(x, 1))(whole)).toThrow(/u: argument 0 must be float64 or float32, got int32/);
  });

  it("has no values and no reverse mode", () => {
    expect(() => u(ones([2]), 1)).toThrow(DomainError);
    expect(() => trace((x: Tensor) => grad((y: Tensor) => u(y, 1).sum())(x))(ones([2]))).toThrow(DomainError);
  });
});
