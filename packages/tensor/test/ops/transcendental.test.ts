import { awayFromZero, between, expectClose, forAll, tensorOf } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { logSigmoid, ops, softplus, type Tensor, tensor } from "../../src/index.ts";
import { valuesOf } from "../support/naive.ts";

const many = tensorOf([6], { elements: awayFromZero(0, 5) });

describe("composites of elementary functions", () => {
  it.each<[keyof typeof ops, (x: number) => number]>([
    ["tan", Math.tan],
    ["sinh", Math.sinh],
    ["cosh", Math.cosh],
    ["relu", (x) => Math.max(x, 0)],
    ["softplus", (x) => Math.log1p(Math.exp(x))],
    ["logSigmoid", (x) => -Math.log1p(Math.exp(-x))],
    ["silu", (x) => x / (1 + Math.exp(-x))],
  ])("%s agrees with its formula to a few ulps", (name, f) => {
    forAll(many, (x) => {
      const got = (ops[name] as (x: Tensor) => Tensor)(x);
      expectClose(got, tensor([...x.buffer].map(f)), { ulp: 16 });
    });
  });

  it("sinh is exact near 0 and infinite, not NaN, far out", () => {
    expect(valuesOf(tensor([1e-20, -1e-300, -0]).sinh())).toEqual([1e-20, -1e-300, -0]);
    expect(valuesOf(tensor([800, -800, Infinity, NaN]).sinh())).toEqual([Infinity, -Infinity, Infinity, NaN]);
    expect(valuesOf(tensor([800, -Infinity]).cosh())).toEqual([Infinity, Infinity]);
  });

  it("softplus, logSigmoid, sigmoid, silu hold at ±800", () => {
    const x = tensor([-800, 800]);
    expect(valuesOf(softplus(x))).toEqual([0, 800]);
    expect(valuesOf(logSigmoid(x))).toEqual([-800, -0]);
    expect(valuesOf(x.sigmoid())).toEqual([0, 1]);
    expect(valuesOf(x.silu())).toEqual([-0, 800]);
    expect(valuesOf(softplus(tensor([-Infinity, Infinity, NaN])))).toEqual([0, Infinity, NaN]);
    expect(softplus(0).item()).toBe(Math.LN2);
  });

  it("softplus(x) − softplus(−x) = x", () => {
    forAll(many, (x) => {
      expectClose(softplus(x).sub(softplus(x.neg())), x, { condition: 5 });
    });
  });

  it("gelu is x·Φ(x); its tanh form differs by less than 5e-4 but does differ", () => {
    forAll(tensorOf([6], { elements: between(-4, 4) }), (x) => {
      const exact = x.gelu();
      expectClose(exact, x.mul(0.5).mul(x.div(Math.SQRT2).erf().add(1)));
      expect(
        exact
          .sub(x.gelu({ approximate: true }))
          .abs()
          .max()
          .item(),
      ).toBeLessThan(5e-4);
    });
    expect(
      tensor(1)
        .gelu()
        .sub(tensor(1).gelu({ approximate: true }))
        .abs()
        .item(),
    ).toBeGreaterThan(1e-5);
    expect(tensor(1).gelu().item()).toBeCloseTo(0.8413447460685429, 15);
  });

  it("keep float32 and leave the dtype to a weak number", () => {
    const x = tensor([0.5], { dtype: "float32" });
    for (const name of ["tan", "sinh", "cosh", "softplus", "logSigmoid", "silu", "gelu", "relu"] as const)
      expect((ops[name] as (x: Tensor) => Tensor)(x).dtype).toBe("float32");
    expect(softplus(1).weak).toBe(true);
  });
});
