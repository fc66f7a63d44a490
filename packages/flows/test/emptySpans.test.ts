import { grad, jvp, vjp } from "@pushforward/autodiff";
import { key, onesLike, sub, type Tensor, tensor, where, zeros } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  averageVelocityOf,
  ctmFlowMap,
  expm,
  type FlowMap,
  firstOrderFlowMap,
  gaussian,
  gaussianMixture,
  integrate,
  invertibleFlowMap,
  invertibleVelocity,
  linearOde,
  pointMassVelocity,
  quantileFlow,
  randomBijection,
  secondOrderCorrection,
  secondOrderFlowMap,
  solverFlowMap,
  trajectory,
  type VelocityField,
} from "../src/index.ts";
import { expectValues, valuesOf } from "./expectValues.ts";

// v = x·(s + 1): Φ(x, s, t) = x·e^{P(t) − P(s)} with P(t) = t²/2 + t. At s = t it has ∂ₜ = v, ∂ₛ = −v, ∂ₓ = 1,
// ∂ₜₜ = x·((t + 1)² + 1), ∂ₛₛ = x·((s + 1)² − 1), ∂ₛₜ = −x·(s + 1)², ∂ₓₜ = t + 1.
const v: VelocityField = (x, t) => x.mul(t.add(1));
const column = (...values: number[]): Tensor => tensor(values.map((value) => [value]));
const [x, s] = [tensor([[2]]), tensor(0.5)];

/** A derivative of a function of one tensor, in the direction of ones. */
const slope = (f: (t: Tensor) => Tensor, at: Tensor): Tensor => jvp(f, [at], [onesLike(at)])[1] as Tensor;

const solverMaps: Record<string, FlowMap> = {
  "dopri5, adaptive": solverFlowMap(v),
  "dopri5, adaptive, with a largest step": solverFlowMap(v, { maxStep: 0.01 }),
  "dopri5, fixed": solverFlowMap(v, { steps: 4 }),
  rk4: solverFlowMap(v, { solver: "rk4", steps: 4 }),
  heun: solverFlowMap(v, { solver: "heun", steps: 4 }),
  midpoint: solverFlowMap(v, { solver: "midpoint", steps: 4 }),
  "heunSde without noise": solverFlowMap(v, { solver: "heunSde", steps: 4, diffusion: 0, key: key(0), score: v }),
};

describe.each(Object.entries(solverMaps))("%s at s = t", (_, map) => {
  it("leaves x where it is, bit for bit", () => {
    expect(valuesOf(map(x, s, s))).toEqual([2]);
  });

  it("moves with ±v in its times, and as x moves", () => {
    expectValues(
      slope((t) => map(x, s, t), s),
      [3],
      1e-12,
    );
    expectValues(
      slope((start) => map(x, start, s), s),
      [-3],
      1e-12,
    );
    expectValues(
      slope((both) => map(x, both, both), s),
      [0],
      1e-12,
    );
    expectValues(
      slope((y) => map(y, s, s), x),
      [1],
      1e-12,
    );
    const [, pull] = vjp(map, [x, s, s]);
    expect(pull(tensor([[1]])).map((each: Tensor) => Number(each.sum().item().toFixed(10)))).toEqual([1, -3, 3]);
  });

  it("has the second derivatives of the flow", () => {
    expectValues(
      slope((t) => slope((end) => map(x, s, end), t), s),
      [2 * (1.5 ** 2 + 1)],
      1e-12,
    );
    expectValues(
      slope((t) => slope((start) => map(x, start, s), t), s),
      [2 * (1.5 ** 2 - 1)],
      1e-12,
    );
    expectValues(
      slope((start) => slope((end) => map(x, start, end), s), s),
      [-2 * 1.5 ** 2],
      1e-12,
    );
    expectValues(
      slope((y) => slope((end) => map(y, s, end), s), x),
      [1.5],
      1e-12,
    );
  });

  it("does so row by row, where only some rows have s = t", () => {
    const [points, start, end] = [column(2, -1, 3), column(0.5, 0.2, 0.9), column(0.5, 0.8, 0.9)];
    expectValues(slope((t) => map(points, start, t), end).slice([0, 1]), [3], 1e-9);
    expectValues(slope((t) => map(points, start, t), end).slice([2, 3]), [5.7], 1e-9);
    expectValues(slope((from) => map(points, from, end), start).slice([2, 3]), [-5.7], 1e-9);
    const moved = map(points, start, end);
    expect(valuesOf(moved.slice([0, 1]))).toEqual([2]);
    expect(valuesOf(moved.slice([2, 3]))).toEqual([3]);
    expectValues(slope((t) => map(points, start, t), end).slice([1, 2]), valuesOf(moved.slice([1, 2]).mul(1.8)), 0.2);
  });

  it("gives its average velocity there, u(x, s, s) = v(x, s)", () => {
    expectValues(averageVelocityOf(map)(x, s, s), [3], 1e-12);
  });
});

describe("work that is empty keeps its derivatives", () => {
  it("in parameters of the velocity", () => {
    const f = (a: Tensor): Tensor => slope((t) => integrate((y) => y.mul(a), x, s, t), s).sum();
    expect(grad(f)(tensor(0.7)).item()).toBeCloseTo(2, 12);
  });

  it("in float32, and with numbers for the other time", () => {
    const [point, time] = [tensor([[2]], { dtype: "float32" }), tensor(0.5, { dtype: "float32" })];
    const dt = slope((t) => integrate(v, point, 0.5, t), time);
    expect([dt.dtype, dt.item()]).toEqual(["float32", 3]);
  });

  it("in a batch without rows", () => {
    expect(integrate(v, zeros([0, 2]), 0, 1).shape).toEqual([0, 2]);
  });

  it("in a trajectory, which keeps its start and its end", () => {
    const { states, times } = trajectory(v, x, s, s);
    expect([states.shape, times.shape]).toEqual([
      [2, 1, 1],
      [2, 1, 1],
    ]);
    expectValues(
      slope((t) => trajectory(v, x, s, t).states.slice(-1), s),
      [3],
      1e-12,
    );
  });

  it("in the exponential of a zero matrix", () => {
    const m = tensor([
      [1, 2],
      [3, 4],
    ]);
    expectValues(
      slope((t) => expm(m.mul(t)), tensor(0)),
      [1, 2, 3, 4],
      1e-12,
    );
    expectValues(
      slope((t) => slope((r) => expm(m.mul(r)), t), tensor(0)),
      [7, 10, 15, 22],
      1e-12,
    );
  });

  const law = gaussian({ mean: 1, std: 0.5 });
  const mixture = gaussianMixture({ means: [-1, 2], stds: 0.5 });
  const psi = randomBijection(key(3), { dim: 2 });
  const flows: [string, FlowMap, VelocityField, Tensor][] = [
    ["a Gaussian's map", law.flowMap, law.velocity, x],
    ["a linear ODE's map", linearOde([[2]]).flowMap, linearOde([[2]]).velocity, x],
    ["the quantile map", quantileFlow(mixture).flowMap, mixture.velocity, x],
    ["an invertible map", invertibleFlowMap(psi), invertibleVelocity(psi), tensor([[0.3, -1]])],
    ["a first-order map", firstOrderFlowMap(law.averageVelocity), law.velocity, x],
    ["a second-order map", secondOrderFlowMap(law.velocity, (y) => y), law.velocity, x],
    ["CTM's map", ctmFlowMap(law.denoiser), law.velocity, x],
  ];
  it.each(flows)("in %s", (_, map, velocity, point) => {
    const moving = valuesOf(velocity(point, s));
    expectValues(
      slope((t) => map(point, s, t), s),
      moving,
      1e-9,
    );
    expectValues(
      slope((start) => map(point, start, s), s),
      moving.map((each) => -each),
      1e-9,
    );
  });

  it("in the correction of the second-order form", () => {
    // For v = x, u(x, s, t) = x·(e^h − 1)/h with h = t − s, so n = x·(e^h − 1 − h)/h²: ½x at h = 0, with ∂ₜn = x/6 and ∂ₛn = −x/6.
    const growth = linearOde([[1]]);
    const n = secondOrderCorrection(growth.velocity, growth.averageVelocity);
    expectValues(n(x, s, s), [1], 1e-9);
    expectValues(
      slope((t) => n(x, s, t), s),
      [1 / 3],
      1e-9,
    );
    expectValues(
      slope((start) => n(x, start, s), s),
      [-1 / 3],
      1e-9,
    );
    const h = 0.25;
    expectValues(n(x, s, s.add(h)), [(2 * (Math.exp(h) - 1 - h)) / h ** 2], 1e-12);
  });
});

describe("noise at s = t", () => {
  const solve = (more: object): FlowMap => solverFlowMap(v, { solver: "heunSde", steps: 3, score: v, ...more });

  it("of a key has no derivative in the times, √|t − s| having none: NaN, not 0", () => {
    const map = solve({ key: key(0) });
    expect(valuesOf(map(x, s, s))).toEqual([2]);
    expect(valuesOf(slope((t) => map(x, s, t), s))).toEqual([Number.NaN]);
  });

  it("of given increments leaves the velocity", () => {
    const map = solve({ increments: zeros([3, 1, 1]) });
    expectValues(
      slope((t) => map(x, s, t), s),
      [3],
      1e-12,
    );
    expectValues(
      slope((start) => map(x, start, s), s),
      [-3],
      1e-12,
    );
  });
});

describe("a velocity that is not finite where a sample rests", () => {
  it("moves nothing, and its derivative in the times is that velocity, not 0", () => {
    const pull = pointMassVelocity([0]);
    expect(valuesOf(integrate(pull, x, 1, 1))).toEqual([2]);
    expect(valuesOf(slope((t) => integrate(pull, x, 1, t), tensor(1)))).toEqual([Number.NEGATIVE_INFINITY]);
    const rows = integrate(pull, column(2, 1), column(1, 0), column(1, 0.5));
    expectValues(rows, [2, 0.5], 1e-6);
    expect(valuesOf(rows)[0]).toBe(2);
  });

  it("keeps the derivatives of x and of shared parameters, in forward and in reverse mode, to second order", () => {
    const [x, s, t] = [column(1, 2, 3), column(0.2, 1, 0.9), column(0.5, 1, 0.9)];
    const pull = (a: Tensor, from: Tensor, start = s, end = t): Tensor =>
      integrate((y, time) => a.mul(sub(0, y)).div(sub(1, time)), from, start, end, { tolerance: 1e-10 });
    const total = (a: Tensor): Tensor => pull(a, x).sum();
    // of the moving row Φ = x·((1 − t)/(1 − s))^a; the others rest
    const ratio = 0.5 / 0.8;
    const a = tensor(2);
    expectValues(grad(total)(a), [ratio ** 2 * Math.log(ratio)], 1e-7);
    expectValues(grad((b: Tensor) => grad(total)(b))(a), [ratio ** 2 * Math.log(ratio) ** 2], 1e-7);
    expectValues(jvp((b: Tensor) => pull(b, x), [a], [tensor(1)])[1], [ratio ** 2 * Math.log(ratio), 0, 0], 1e-7);
    expectValues(grad((y: Tensor) => pull(a, y).sum())(x), [ratio ** 2, 1, 1], 1e-7);
    expect(valuesOf(grad((b: Tensor) => pull(b, x, t, t).slice([1, 2]).sum())(a))).toEqual([0]);
    const inTime = valuesOf(jvp((end: Tensor) => pull(a, x, s, end), [t], [onesLike(t)])[1]);
    expect(inTime[1]).toBe(Number.NEGATIVE_INFINITY);
    expect(inTime[2]).toBeCloseTo(-60, 6);
  });

  it("does not disturb the samples beside it", () => {
    const singular: VelocityField = (y, t) => where(t.equal(1), Number.POSITIVE_INFINITY, y);
    const both = valuesOf(integrate(singular, column(3, 5), column(0.1, 1), column(0.9, 1)));
    expect(both).toEqual([integrate(singular, column(3), 0.1, 0.9).item(), 5]);
  });
});
