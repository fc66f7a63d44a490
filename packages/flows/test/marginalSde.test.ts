import { key, mean, sub, type Tensor, tensor, variance } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../src/distributions/gaussian.ts";
import { integrate } from "../src/integrate.ts";
import { marginalSde } from "../src/marginalSde.ts";
import { expectValues, valuesOf } from "./expectValues.ts";

const law = gaussian({ mean: 2, std: 0.5 });
const noise = gaussian({ mean: 0 }).sample(key(1), 10_000);

describe("marginalSde", () => {
  it.each(["eulerMaruyama", "heunSde"] as const)("by %s keeps the marginals, forwards and backwards", (solver) => {
    const there = integrate(law.velocity, noise, 0, 0.8, { solver, steps: 50, key: key(2), diffusion: 0.7 });
    const { mean: m, variances } = law.marginal(0.8);
    expectValues(mean(there), m, 0.03);
    expectValues(variance(there), variances, 0.02);
    const back = integrate(law.velocity, there, 0.8, 0, { solver, steps: 50, key: key(3), diffusion: 0.7 });
    expectValues(mean(back), [0], 0.05);
    expectValues(variance(back), [1], 0.06);
  });

  it("noise without its drift would be caught", () => {
    const drifting = { steps: 50, key: key(2), diffusion: 0.7, solver: "eulerMaruyama" } as const;
    const zero = (x: Tensor) => x.mul(0);
    const there = integrate(law.velocity, noise, 0, 0.8, { ...drifting, score: zero });
    expect(Math.abs(variance(there).item() - law.marginal(0.8).variances[0])).toBeGreaterThan(0.05);
  });

  it("takes its score from the velocity, or as given", () => {
    const x = tensor([[0.3], [1]]);
    const t = tensor(0.6);
    const options = { diffusion: (time: Tensor) => time.add(1), span: tensor(-1) };
    const derived = marginalSde(law.velocity, options).drift(x, t);
    const given = marginalSde(law.velocity, { ...options, score: law.score }).drift(x, t);
    expectValues(derived, valuesOf(given), 1e-12);
    const expected = sub(law.velocity(x, 0.6), law.score(x, 0.6).mul(0.5 * 1.6 ** 2));
    expectValues(given, valuesOf(expected), 1e-12);
  });

  it("refuses to take the score from the velocity at the data", () => {
    expect(() => integrate(law.velocity, noise, 0, 1, { solver: "heunSde", steps: 2, key: key(0) })).toThrow(
      "marginalSde: the score follows from the velocity only for t < 1, got t = 1; pass a score, or stop before t = 1",
    );
  });
});
