import { grad } from "@pushforward/autodiff";
import { type AverageVelocity, gaussian, trigFlowNetwork } from "@pushforward/flows";
import { add, mul, sin, sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, adaptiveWeight, type LossName, losses, normalizedTangent } from "../src/index.ts";
import { scmTangent } from "../src/scm.ts";
import { type Input, networksOf } from "./support/conformance.ts";
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

/** E loss as a function of θ in exact map + θ·field; the teacher's velocity is that of the samples unless it is given. */
function expectation(loss: AnyLoss, delta = 0.05, weigh = (squared: Tensor) => squared, change: Partial<Input> = {}) {
  return (theta: Tensor): Tensor => {
    const u: AverageVelocity = (x, start, end) =>
      law.averageVelocity(x, start, end).add(mul(theta, field(x, start, end)));
    const values = loss.loss({
      ...{ noise, data, xs, v: velocity, s, t, r: 0.5, delta, warmup: 1, u },
      ...networksOf(u, law.averageVelocity),
      teacher: () => velocity,
      solve: law.flowMap,
      ...change,
    });
    return sum(weigh(values).mul(weights));
  };
}

/** Nodes and weights on [0, 1] of Gauss and Legendre, exact to degree 15. @source Abramowitz and Stegun, table 25.4 */
const legendre = [
  [0.019855071751231884, 0.05061426814518813],
  [0.10166676129318664, 0.11119051722668724],
  [0.2372337950418355, 0.1568533229389436],
  [0.4082826787521751, 0.181341891689181],
].flatMap(([node, weight]) => [
  [node, weight],
  [1 - node, weight],
]);

/** The best critic of the exact velocity, and one that finds a difference. */
const [constantCritic, otherCritic] = [0, 1].map(
  (factor) =>
    (x: Tensor): Tensor =>
      sum(x.mul(factor), -1),
);

/** E loss with the exact teacher and r uniform between s and t. */
const meanOverMiddle = (loss: AnyLoss, critic = constantCritic) => {
  const teacher = law.velocity;
  return (theta: Tensor): Tensor =>
    legendre
      .map(([node, weight]) => {
        const r = s + node * (t - s);
        return expectation(loss, 0.05, undefined, { teacher, r, critic })(theta).mul(weight);
      })
      .reduce((total, each) => total.add(each));
};

const slope = (f: (theta: Tensor) => Tensor): number => (grad(f)(tensor(0)) as Tensor).item();
const entries = Object.entries(losses) as [LossName, AnyLoss][];

describe("quadrature", () => {
  it("integrates moments of the normal distribution", () => {
    const { nodes, weights: each } = gaussHermite(40);
    const moment = (k: number): number => nodes.reduce((total, x, i) => total + each[i] * x ** k, 0);
    expect([0, 2, 4, 6, 8].map(moment)).toEqual([1, 1, 3, 15, 105].map((value) => expect.closeTo(value, 10)));
  });
});

describe("with the exact teacher", () => {
  // Those of generators are in generatedExpectations.test.ts.
  const stationary = entries.filter(([, { optimum, learns }]) => optimum === "stationary" && learns !== "generator");

  it.each(stationary)("%s is stationary at the exact map, though not zero", (_, loss) => {
    expect(meanOverMiddle(loss)(tensor(0)).item()).toBeGreaterThan(0.01);
    expect(Math.abs(slope(meanOverMiddle(loss)))).toBeLessThan(1e-9);
  });

  it.each(stationary)("%s is not stationary at another map", (_, loss) => {
    const at = meanOverMiddle(loss, otherCritic);
    expect(Math.abs((grad(at)(tensor(0.3)) as Tensor).item())).toBeGreaterThan(1e-3);
  });

  it("the mean over the middle time matters: a fixed one leaves a secant loss biased", () => {
    const teacher = law.velocity;
    for (const name of ["sdei", "sdee", "stei", "stee"] as const) {
      expect(Math.abs(slope(expectation(losses[name], 0.05, undefined, { teacher })))).toBeGreaterThan(1e-3);
    }
  });

  it("flow map matching ends at the conditional variance C_t, denoising at (1 − s)²·C_s", () => {
    const { velocityVariance } = law;
    expect(meanOverMiddle(losses.flowMapMatching)(tensor(0)).item()).toBeCloseTo(velocityVariance(t).item(), 9);
    expect(meanOverMiddle(losses.denoising)(tensor(0)).item()).toBeCloseTo(0.49 * velocityVariance(s).item(), 9);
  });

  it("secant losses end at the variance of the velocity along the way, plus that of one sample where it is used", () => {
    // @source losses.md §1.5
    const interior = 0.0651943104;
    expect(meanOverMiddle(losses.sdei)(tensor(0)).item()).toBeCloseTo(interior, 9);
    expect(meanOverMiddle(losses.stei)(tensor(0)).item()).toBeCloseTo(interior, 9);
    const variance = legendre.reduce((sum, [node, weight]) => {
      return sum + weight * law.velocityVariance(s + node * (t - s)).item();
    }, 0);
    const [distilled, trained] = [losses.sdee, losses.stee].map((loss) => meanOverMiddle(loss)(tensor(0)).item());
    expect(trained - distilled).toBeCloseTo(variance, 9);
    expect(distilled).toBeCloseTo(interior, 9);
  });

  it("the tangent of sCM along single samples vanishes on average, not once it is normalised", () => {
    const u = trigFlowNetwork(law.averageVelocity);
    const time = tensor(s);
    const { g } = scmTangent({ u, xs, v: velocity, s: time, warmup: tensor(1) });
    // Given X_s the mean of the pair's velocity is the exact one, so any field of X_s picks up nothing.
    const against = (field: Tensor, tangent: Tensor): number => sum(tangent.mul(field).squeeze(1).mul(weights)).item();
    for (const field of [xs, sin(xs), xs.mul(xs)]) expect(Math.abs(against(field, g))).toBeLessThan(1e-12);
    expect(Math.abs(against(xs.mul(xs), normalizedTangent(g)))).toBeGreaterThan(5e-5);
    const half = scmTangent({ u, xs, v: velocity, s: time, warmup: tensor(0.5) });
    expect(Math.abs(against(xs, half.g))).toBeGreaterThan(1e-3);
  });
});

describe("with the velocity of single samples", () => {
  it.each(entries.filter(([, { conditionalVelocity }]) => conditionalVelocity === "unbiased"))(
    "%s is stationary at the exact map, and all but SGFlow are not zero",
    (_, loss) => {
      const value = expectation(loss)(tensor(0)).item();
      // SGFlow subtracts the variance that the others leave.
      if (loss.name === "sgFlow") expect(Math.abs(value)).toBeLessThan(1e-12);
      else expect(value).toBeGreaterThan(0.1);
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

  const biased = entries.filter(([, { conditionalVelocity }]) => conditionalVelocity === "biased");

  it.each(biased.filter(([, { needs }]) => !needs.includes("delta")))("%s has a bias without a step", (_, loss) => {
    expect(Math.abs(slope(expectation(loss)))).toBeGreaterThan(1e-3);
  });

  it.each(biased.filter(([, { needs }]) => needs.includes("delta")))(
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
