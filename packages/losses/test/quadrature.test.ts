import { grad } from "@pushforward/autodiff";
import { type AverageVelocity, gaussian } from "@pushforward/flows";
import { add, mul, sin, sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, adaptiveWeight, type LossName, losses } from "../src/index.ts";
import { gaussHermite, nodePairs } from "./support/gaussHermite.ts";

// Expectations over noise and data by quadrature: example A of losses.md §1.5, data N(2, 0.5²), X_s from the pair itself.

const law = gaussian({ mean: 2, std: 0.5 });
const { first: noise, second, weights } = nodePairs(40);
const data = second.mul(0.5).add(2);
const [s, t] = [0.3, 0.8];
const xs = data.mul(s).add(noise.mul(1 - s));
const velocity = data.sub(noise);

/** A field that does not vanish at s = t. */
const field: AverageVelocity = (x, start, end) => sin(add(x.mul(0.7), add(start, end.mul(-0.5)))).add(0.3);

/** E loss as a function of θ in exact map + θ·field. */
function expectation(loss: AnyLoss, delta = 0.05, weigh = (squared: Tensor) => squared) {
  return (theta: Tensor): Tensor => {
    const u: AverageVelocity = (x, start, end) =>
      law.averageVelocity(x, start, end).add(mul(theta, field(x, start, end)));
    const values = loss.loss({
      ...{ noise, data, xs, v: velocity, s, t, r: 0.5, delta, u },
      ema: law.averageVelocity,
      teacher: () => velocity,
      solve: law.flowMap,
    });
    return sum(weigh(values).mul(weights));
  };
}

const slope = (f: (theta: Tensor) => Tensor): number => (grad(f)(tensor(0)) as Tensor).item();
const entries = Object.entries(losses) as [LossName, AnyLoss][];

describe("quadrature", () => {
  it("integrates moments of the normal distribution", () => {
    const { nodes, weights: each } = gaussHermite(40);
    const moment = (k: number): number => nodes.reduce((total, x, i) => total + each[i] * x ** k, 0);
    expect([0, 2, 4, 6, 8].map(moment)).toEqual([1, 1, 3, 15, 105].map((value) => expect.closeTo(value, 10)));
  });
});

describe("with the velocity of single samples", () => {
  it.each(entries.filter(([, { conditionalVelocity }]) => conditionalVelocity === "unbiased"))(
    "%s is stationary at the exact map, though not zero",
    (_, loss) => {
      expect(expectation(loss)(tensor(0)).item()).toBeGreaterThan(0.1);
      expect(Math.abs(slope(expectation(loss)))).toBeLessThan(1e-10);
    },
  );

  it("flow matching ends at the conditional variance C_s", () => {
    expect(expectation(losses.flowMatching)(tensor(0)).item()).toBeCloseTo(0.487804878, 9);
  });

  it("MeanFlow ends at J²·C_s, J the slope of the map", () => {
    expect(expectation(losses.meanFlow)(tensor(0)).item()).toBeCloseTo(0.1903628792, 9);
  });

  it("MeanFlow with an adaptive weight is biased", () => {
    const biased = expectation(losses.meanFlow, 0.05, (squared) => adaptiveWeight(squared));
    expect(Math.abs(slope(biased))).toBeGreaterThan(1e-3);
  });

  it("a backward residual with the whole gradient is biased: its variance depends on the map", () => {
    expect(Math.abs(slope(expectation(losses.backwardExact)))).toBeGreaterThan(1e-2);
  });

  it("a forward loss is biased: there is no pair at the point that the map made", () => {
    expect(Math.abs(slope(expectation(losses.localForwardSemi)))).toBeGreaterThan(1e-2);
  });

  it.each(entries.filter(([, { conditionalVelocity }]) => conditionalVelocity === "biased"))(
    "%s has a bias that falls with the step",
    (_, loss) => {
      const [coarse, fine] = [0.02, 0.01].map((delta) => Math.abs(slope(expectation(loss, delta))));
      expect(fine).toBeGreaterThan(1e-6);
      expect(coarse / fine).toBeGreaterThan(1.7);
    },
  );

  it("consistency training has a bias of the order of its step", () => {
    // The gradient itself is of order δ: what is compared is the gradient per δ.
    const [coarse, fine] = [0.02, 0.01].map((delta) => slope(expectation(losses.consistencyTraining, delta)) / delta);
    expect(Math.abs(fine)).toBeGreaterThan(1e-6);
    expect(coarse / fine).toBeGreaterThan(1.8);
    expect(coarse / fine).toBeLessThan(2.2);
  });
});
