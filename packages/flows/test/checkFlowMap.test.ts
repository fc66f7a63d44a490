import { add, key, mul, square, sub, type Tensor, type TensorLike } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkFlowMap } from "../src/checkFlowMap.ts";
import { gaussian } from "../src/distributions/gaussian.ts";
import { gaussianMixture } from "../src/distributions/gaussianMixture.ts";
import type { FlowMap, VelocityField } from "../src/flow.ts";
import { linearOde } from "../src/flowMaps/exact.ts";
import { firstOrderFlowMap } from "../src/flowMaps/firstOrder.ts";
import { invertibleFlowMap, invertibleVelocity, randomBijection } from "../src/flowMaps/invertible.ts";
import { quantileFlow } from "../src/flowMaps/quantile.ts";
import { secondOrderFlowMap } from "../src/flowMaps/secondOrder.ts";
import { solverFlowMap } from "../src/flowMaps/solver.ts";

const law = gaussian({
  mean: [1, -1],
  cov: [
    [1, 0.6],
    [0.6, 0.5],
  ],
});
const ode = linearOde([
  [-0.5, 2],
  [-1.5, 0.3],
]);
const quantiles = quantileFlow(gaussianMixture({ weights: [0.3, 0.7], means: [-2, 1.5], stds: [0.4, 0.6] }));
const psi = randomBijection(key(5), { dim: 3 });
const settings = { dim: 2, key: key(1) };

const exact: [string, FlowMap, VelocityField, number][] = [
  ["the Gaussian's", law.flowMap, law.velocity, 2],
  ["the linear ODE's", ode.flowMap, ode.velocity, 2],
  ["the quantile", quantiles.flowMap, quantiles.velocity, 1],
  ["an invertible family's", invertibleFlowMap(psi), invertibleVelocity(psi), 3],
  ["a fine solver's", solverFlowMap(law.velocity, { solver: "dopri5", steps: 80 }), law.velocity, 2],
];

describe("checkFlowMap", () => {
  it.each(exact)("passes %s map", (_, map, velocity, dim) => {
    const report = checkFlowMap(map, { dim, key: key(1), velocity, cases: 40 });
    expect(Object.keys(report.laws)).toEqual(["identity", "semigroup", "inverse", "tangent"]);
    expect(Object.values(report.laws).filter(({ passed }) => !passed)).toEqual([]);
    expect(report.passed).toBe(true);
  });

  it("in float32 with its own tolerance", () => {
    expect(checkFlowMap(law.flowMap, { ...settings, velocity: law.velocity, dtype: "float32" }).passed).toBe(true);
  });

  it("leaves the tangent condition out without a velocity", () => {
    expect(Object.keys(checkFlowMap(law.flowMap, settings).laws)).toEqual(["identity", "semigroup", "inverse"]);
  });

  it("finds a map that moves at s = t, and shrinks the case", () => {
    const { passed, laws } = checkFlowMap((x, s, t) => law.flowMap(x, s, t).add(1e-3), settings);
    expect(passed).toBe(false);
    expect(laws.identity?.passed).toBe(false);
    expect(laws.identity?.counterexample).toMatchObject({ x: [0, 0], s: 0, r: 0, t: 0 });
    expect(laws.identity?.worst).toBeCloseTo(1e-3, 4);
  });

  it("finds a map that is no semigroup, with few digits in the counterexample", () => {
    const step = firstOrderFlowMap(law.velocity as FlowMap);
    const { laws } = checkFlowMap(step, { ...settings, velocity: law.velocity });
    expect(laws.identity?.passed).toBe(true);
    expect([laws.semigroup?.passed, laws.inverse?.passed]).toEqual([false, false]);
    const { x, s, r, t, residual } = laws.semigroup!.counterexample!;
    expect(residual).toBeGreaterThan(1e-9);
    expect([...x, s, r, t].every((value) => Number.isInteger(value * 100))).toBe(true);
    expect(x).toEqual([0, 0]);
  });

  it("finds the wrong velocity alone in the tangent condition", () => {
    const slow = (x: Tensor, t: TensorLike) => mul(0.999, law.velocity(x, t));
    const { laws } = checkFlowMap(law.flowMap, { ...settings, velocity: slow });
    expect(Object.entries(laws).flatMap(([name, { passed }]) => (passed ? [] : [name]))).toEqual(["tangent"]);
  });

  it("a second-order form keeps identity and tangent for every network", () => {
    const map = secondOrderFlowMap(law.velocity, (x, s, t) => add(square(x), sub(s, t)));
    const { laws } = checkFlowMap(map, { ...settings, velocity: law.velocity });
    expect([laws.identity?.passed, laws.tangent?.passed, laws.semigroup?.passed]).toEqual([true, true, false]);
  });

  it("a NaN fails, and stays in its range of times", () => {
    const broken: FlowMap = (x, s, t) => add(law.flowMap(x, s, t), mul(0, sub(t, 0.25).sqrt()));
    const { laws } = checkFlowMap(broken, { ...settings, times: [0.1, 0.4] });
    expect(laws.identity?.worst).toBeNaN();
    const { s } = laws.identity!.counterexample!;
    expect(s >= 0.1 && s < 0.25).toBe(true);
    expect(checkFlowMap(broken, { ...settings, times: [0.3, 1] }).laws.identity?.passed).toBe(true);
  });

  it("is the same for the same key", () => {
    const run = (seed: number) => checkFlowMap(law.flowMap, { dim: 2, key: key(seed) });
    expect(run(3)).toEqual(run(3));
  });

  it("checks its settings", () => {
    expect(() => checkFlowMap(law.flowMap, { ...settings, cases: 0 })).toThrow(
      /cases must be a whole number ≥ 1, got 0/,
    );
  });
});
