import { type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkGrads, customJvp, customVjp, freezeStops, richardson, stopGradient } from "../src/index.ts";

const f = (p: { w: Tensor }, x: Tensor) => ({ out: p.w.mul(x).sin(), sum: x.exp().sum() });
const args = [{ w: tensor([0.5, 1]) }, tensor([[1, -1]])] as [{ w: Tensor }, Tensor];

/** A square whose rule is off by a factor. */
const off = (factor: number) =>
  customJvp(
    (x: Tensor) => x.mul(x),
    ([x]: [Tensor], [dx]: [Tensor]) => [x.mul(x), x.mul(2 * factor).mul(dx)] as const,
  );

describe("checkGrads", () => {
  it("passes right derivatives to second order with an error near rounding", () => {
    const report = checkGrads(f, args, { order: 2 });
    expect(report.passed).toBe(true);
    expect(report.worst).toBeLessThan(1e-10);
    expect(report.entries.map(({ mode, order, leaf }) => `${mode} ${order} ${leaf}`)).toEqual(
      [1, 2].flatMap((order) => ["jvp", "vjp"].flatMap((mode) => [`${mode} ${order} out`, `${mode} ${order} sum`])),
    );
  });

  it("finds a factor of 1 + 1e-6, in both modes", () => {
    const report = checkGrads(off(1 + 1e-6), [tensor([1, 2])]);
    expect(report.entries.map(({ mode, passed }) => [mode, passed])).toEqual([
      ["jvp", false],
      ["vjp", false],
    ]);
    expect(checkGrads(off(1), [tensor([1, 2])]).passed).toBe(true);
  });

  it("finds a derivative that is right at first order and wrong at second", () => {
    const wrong = customJvp(
      (x: Tensor) => x.mul(x),
      ([x]: [Tensor], [dx]: [Tensor]) => [x.mul(x), stopGradient(x, "slip").mul(2).mul(dx)] as const,
    );
    expect(checkGrads(wrong, [tensor([1, 2])]).passed).toBe(true);
    const report = checkGrads(wrong, [tensor([1, 2])], { order: 2 });
    expect(report.entries.filter(({ passed }) => !passed).map(({ order }) => order)).toEqual([2, 2]);
  });

  it("checks reverse mode alone where a function has no forward rule", () => {
    const make = (factor: number) =>
      customVjp(
        (x: Tensor) => x.mul(3),
        (x: Tensor) => [x.mul(3), null] as const,
        (_, ct: Tensor) => [ct.mul(factor)],
      );
    expect(checkGrads(make(3), [tensor([1, 2])], { modes: ["vjp"] }).passed).toBe(true);
    expect(checkGrads(make(-3), [tensor([1, 2])], { modes: ["vjp"] }).passed).toBe(false);
  });

  it("finds one wrong element among right ones: nothing is scaled by size", () => {
    const wrong = customJvp(
      (x: Tensor) => x.mul(1e6),
      ([x]: [Tensor], [dx]: [Tensor]) => [x.mul(1e6), dx.mul(tensor([1e6, 1e6 + 1]))] as const,
    );
    expect(checkGrads(wrong, [tensor([1, 2])]).passed).toBe(false);
  });

  it("holds int32 arguments still and looks at float results only", () => {
    const g = (x: Tensor, n: Tensor) => ({ a: n.mul(2), order: x.argsort(), picked: x.gather(n).exp() });
    const report = checkGrads(g, [tensor([2, 1]), tensor([1, 1, 0], { dtype: "int32" })], { order: 2 });
    expect(report.passed).toBe(true);
    expect(new Set(report.entries.map(({ leaf }) => leaf))).toEqual(new Set(["picked"]));
  });

  it("checks a function with stop-gradients once they are frozen, and fails it before", () => {
    const g = (x: Tensor) => x.mul(stopGradient(x.exp(), "target"));
    expect(checkGrads(g, [tensor([0.3])]).passed).toBe(false);
    expect(checkGrads(freezeStops(g), [tensor([0.3])]).passed).toBe(true);
  });

  it("reports a NaN", () => {
    const bad = customJvp(
      (x: Tensor) => x,
      ([x]: [Tensor], [dx]: [Tensor]) => [x, dx.mul(tensor([Number.NaN, 1]))] as const,
    );
    const report = checkGrads(bad, [tensor([1, 2])]);
    expect([report.passed, report.worst]).toEqual([false, Number.NaN]);
  });

  it("says that a kink leaves differences without a verdict", () => {
    const [entry] = checkGrads((x: Tensor) => x.abs(), [tensor([0.01])], { modes: ["jvp"] }).entries;
    expect(entry.resolution).toBeGreaterThan(1e-4);
  });

  it("is an error for float32, whose differences are too coarse", () => {
    expect(() => checkGrads((x: Tensor) => x.mul(2), [tensor([1], { dtype: "float32" })])).toThrow(
      'checkGrads: leaf "[0]" must be float64, got float32',
    );
  });
});

describe("richardson", () => {
  it("resolves an analytic derivative to 1e-13", () => {
    const { value, error } = richardson((h) => Float64Array.of(Math.sin(1 + h), Math.exp(h)));
    expect(Math.abs(value[0] - Math.cos(1))).toBeLessThan(1e-13);
    expect(Math.abs(value[1] - 1)).toBeLessThan(1e-13);
    expect(Math.max(...error)).toBeLessThan(1e-11);
  });
});
