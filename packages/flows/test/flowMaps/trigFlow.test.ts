import { jvp } from "@pushforward/autodiff";
import { cos, mul, onesLike, sin, sub, type Tensor, tanh, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../../src/distributions/gaussian.ts";
import { firstOrderFlowMap } from "../../src/flowMaps/firstOrder.ts";
import { type FlowMapForm, flowMapForms, formNetworks } from "../../src/flowMaps/forms.ts";
import { secondOrderCorrection, secondOrderVelocity } from "../../src/flowMaps/secondOrder.ts";
import { trigAngle, trigFlowNetwork, trigFlowVelocity } from "../../src/flowMaps/trigFlow.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

const law = gaussian({ mean: [1, -1], std: [0.5, 1.3] });
const xs = tensor([
  [0.54, -1.04],
  [-0.3, 0.8],
  [1.1, 0.2],
]);
const s = tensor([[0.2], [0], [0.9]]);
const one = tensor(1);
const network = (x: Tensor, a: Tensor, b: Tensor): Tensor => tanh(x.mul(0.7).add(a).sub(b.mul(0.3)));

describe("TrigFlow", () => {
  it("has the angle of a time, from π/2 at noise to 0 at data", () => {
    for (const sigmaData of [0.5, 1, 2]) {
      const { tau, scale } = trigAngle(s, { sigmaData });
      // s = cos τ/k and x_τ = cos τ·X_1 + σ_d·sin τ·X_0 = k·X_s
      expectValues(cos(tau).div(scale), valuesOf(s), 1e-15);
      expectValues(mul(sigmaData, sin(tau)).div(scale), valuesOf(sub(1, s)), 1e-15);
    }
    expectValues(trigAngle(tensor([0, 1])).tau, [Math.PI / 2, 0], 1e-15);
  });

  it("does not move data, for every network", () => {
    const map = firstOrderFlowMap(trigFlowVelocity(network));
    expectValues(map(xs, onesLike(s), one), valuesOf(xs), 1e-15);
  });

  it("moves by f(x, τ) = cos τ·x − sin τ·σ_d·F(x/σ_d, τ)", () => {
    const { tau, scale } = trigAngle(s);
    const x = scale.mul(xs);
    const f = cos(tau)
      .mul(x)
      .sub(
        sin(tau)
          .mul(0.5)
          .mul(network(x.div(0.5), tau, tau.mul(0))),
      );
    expectValues(firstOrderFlowMap(trigFlowVelocity(network))(xs, s, one), valuesOf(f), 1e-15);
  });

  it("is undone by trigFlowNetwork, for any deviation of the noise", () => {
    for (const sigmaData of [0.5, 1.5]) {
      const F = trigFlowNetwork(law.averageVelocity, { sigmaData });
      const map = firstOrderFlowMap(trigFlowVelocity(F, { sigmaData }));
      expectValues(map(xs, s, one), valuesOf(law.flowMap(xs, s, 1)), 1e-14);
      const other = firstOrderFlowMap(trigFlowVelocity(F, { sigmaData: sigmaData + 0.1 }))(xs, s, one);
      expect(
        Math.max(
          ...other
            .sub(law.flowMap(xs, s, 1))
            .abs()
            .dataSync(),
        ),
      ).toBeGreaterThan(1e-2);
    }
  });
});

describe("the correction of the second-order form", () => {
  it("is undone by the form, and is half the acceleration at t = s", () => {
    const n = secondOrderCorrection(law.velocity, law.averageVelocity);
    const back = secondOrderVelocity(law.velocity, n);
    const t = tensor([[0.7], [0], [1]]);
    expectValues(back(xs, s, t), valuesOf(law.averageVelocity(xs, s, t)), 1e-14);
    const [, acceleration] = jvp(law.velocity, [xs, s], [law.velocity(xs, s), onesLike(s)]);
    expectValues(n(xs, s, s), valuesOf(acceleration.mul(0.5)), 1e-15);
    const near = n(xs, s, s.add(1e-4));
    expect(
      Math.max(
        ...near
          .sub(n(xs, s, s))
          .abs()
          .dataSync(),
      ),
    ).toBeLessThan(1e-3);
  });
});

describe("the forms by name", () => {
  it("are the identity at s = t, but TrigFlow, which only knows the way to the data", () => {
    for (const [name, form] of Object.entries(flowMapForms)) {
      const map = firstOrderFlowMap(form(network, law.velocity));
      const at = name === "trigFlow" ? onesLike(s) : s;
      expectValues(map(xs, at, at), valuesOf(xs), 1e-15);
    }
  });

  it("are undone by the network of a known average velocity, on the diagonal too", () => {
    for (const name of Object.keys(flowMapForms) as FlowMapForm[]) {
      const network = formNetworks[name](law.averageVelocity, law.velocity);
      const back = flowMapForms[name](network, law.velocity);
      for (const t of name === "trigFlow" ? [one] : [tensor([[0.7], [0], [0.95]]), tensor(1)]) {
        expectValues(back(xs, s, t), valuesOf(law.averageVelocity(xs, s, t)), 1e-13);
      }
    }
  });

  it("differ from each other", () => {
    // pMF's form is CTM's but near the data.
    const late = tensor([[0.2], [0], [0.99]]);
    const made = Object.values(flowMapForms).map((form) => form(network, law.velocity)(xs, late, tensor(0.7)));
    for (const [i, a] of made.entries()) {
      for (const b of made.slice(i + 1)) expect(Math.max(...a.sub(b).abs().dataSync())).toBeGreaterThan(0.01);
    }
  });
});
