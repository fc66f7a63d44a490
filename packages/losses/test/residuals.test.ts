import { jacfwd } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { add, cos, div, mul, sin, sub, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { backwardResidual, forwardResidual } from "../src/index.ts";
import { goldenParams, law, marginal, sample, tanhModel } from "./support/goldenProblem.ts";

const phi = firstOrderFlowMap(tanhModel(goldenParams));
const [s, t] = [tensor(sample.s), tensor(sample.t)];

const worst = (a: Tensor, b: Tensor): number => Math.max(...a.sub(b).abs().dataSync());

describe("residuals", () => {
  it("vanish on an exact map", () => {
    expect(Math.max(...forwardResidual(law.flowMap, law.velocity, sample.xs, s, t).abs().dataSync())).toBeLessThan(
      1e-14,
    );
    expect(Math.max(...backwardResidual(law.flowMap, marginal, sample.xs, s, t).abs().dataSync())).toBeLessThan(1e-14);
  });

  it("have the jvp form, the expanded Jacobian form and the limit of differences in common", () => {
    const byJvp = backwardResidual(phi, marginal, sample.xs, s, t);
    const [x, v] = [sample.xs.reshape([2]), marginal.reshape([2])];
    const at = (point: Tensor, from: Tensor): Tensor => phi(point, from, t);
    const jacobian = jacfwd((point: Tensor) => at(point, s))(x) as Tensor;
    const inStart = jacfwd((from: Tensor) => at(x, from))(s) as Tensor;
    expect(worst(byJvp.reshape([2]), inStart.add(jacobian.matmul(v)))).toBeLessThan(1e-14);
    const difference = (h: number): Tensor =>
      at(x.add(v.mul(h)), s.add(h))
        .sub(at(x.sub(v.mul(h)), s.sub(h)))
        .div(2 * h);
    const errors = [2e-2, 1e-2].map((h) => worst(byJvp.reshape([2]), difference(h)));
    expect(Math.log2(errors[0] / errors[1])).toBeCloseTo(2, 2);
  });

  it("forward: the jvp in t is the limit of differences in t", () => {
    const byJvp = forwardResidual(phi, law.velocity, sample.xs, s, t);
    const velocity = law.velocity(phi(sample.xs, s, t), t);
    const difference = (h: number): Tensor =>
      velocity.sub(
        phi(sample.xs, s, t.add(h))
          .sub(phi(sample.xs, s, t.sub(h)))
          .div(2 * h),
      );
    const errors = [2e-2, 1e-2].map((h) => worst(byJvp, difference(h)));
    expect(Math.log2(errors[0] / errors[1])).toBeCloseTo(2, 2);
  });

  it("agree through the Jacobian on an invertible map: Δ_bwd = J·Δ_fwd of the reverse map", () => {
    // ψ_t(x) = x + 0.4 t sin x + 0.2 t², inverted by Newton; v = 0.3x − cos(tx)
    const forth = (x: Tensor, time: Tensor): Tensor =>
      add(add(x, mul(mul(0.4, time), sin(x))), mul(0.2, mul(time, time)));
    const back = (y: Tensor, time: Tensor): Tensor => {
      let x = y;
      for (let i = 0; i < 8; i++) x = sub(x, div(sub(forth(x, time), y), add(1, mul(mul(0.4, time), cos(x)))));
      return x;
    };
    const map = (x: Tensor, from: Tensor, to: Tensor): Tensor => forth(back(x, from), to);
    const velocity = (x: Tensor, time: Tensor): Tensor => sub(mul(0.3, x), cos(mul(time, x)));
    const x = tensor([[0.9]]);
    const bwd = backwardResidual(map, velocity(x, s), x, s, t).item();
    const fwd = forwardResidual(map, velocity, map(x, s, t), t, s).item();
    const jacobian = (jacfwd((point: Tensor) => map(point, s, t))(x) as Tensor).item();
    // @source losses.md §2.7
    expect(bwd).toBeCloseTo(-1.2289244557, 9);
    expect(jacobian).toBeCloseTo(1.1276867605, 9);
    expect(fwd).toBeCloseTo(-1.0897746597, 9);
    expect(Math.abs(bwd - jacobian * fwd)).toBeLessThan(1e-13);
  });

  it("do not on a map that is not invertible in pairs", () => {
    const [x, v] = [sample.xs, marginal];
    const bwd = backwardResidual(phi, v, x, s, t).reshape([2]);
    const fwd = forwardResidual(phi, law.velocity, phi(x, s, t), t, s).reshape([2]);
    const jacobian = jacfwd((point: Tensor) => phi(point, s, t))(x.reshape([2])) as Tensor;
    expect(worst(bwd, jacobian.matmul(fwd))).toBeGreaterThan(1e-3);
  });
});
