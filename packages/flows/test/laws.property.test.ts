import { jvp, vmap } from "@pushforward/autodiff";
import { key, keys, matmul, normal, onesLike, type Tensor, transpose, uniform } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkFlowMap } from "../src/checkFlowMap.ts";
import { type Gaussian, gaussian } from "../src/distributions/gaussian.ts";
import { gaussianMixture } from "../src/distributions/gaussianMixture.ts";
import { linearOde } from "../src/flowMaps/exact.ts";
import { invertibleFlowMap, randomBijection } from "../src/flowMaps/invertible.ts";
import { quantileFlow } from "../src/flowMaps/quantile.ts";
import { formulaVelocity } from "../src/formulaVelocity.ts";
import { expectValues, valuesOf } from "./expectValues.ts";

const seeds = Array.from({ length: 12 }, (_, i) => i);

/** A random Gaussian in one to four dimensions with a well-scaled covariance. */
function randomGaussian(seed: number): Gaussian {
  const dim = 1 + (seed % 4);
  const [forMean, forCov] = keys(key(1000 + seed));
  const root = normal(forCov, [dim, dim]);
  const cov = matmul(root, transpose(root)).toArray() as number[][];
  return gaussian({
    mean: valuesOf(normal(forMean, [dim])),
    cov: cov.map((row, i) => row.map((c, j) => 0.5 * (c + cov[j][i]) + (i === j ? 0.2 : 0))),
  });
}

/** A random mixture on the line. */
function randomMixture(seed: number) {
  const [forMeans, forStds, forWeights] = keys(key(2000 + seed), 3);
  const count = 2 + (seed % 3);
  return gaussianMixture({
    means: valuesOf(normal(forMeans, [count]).mul(1.5)),
    stds: valuesOf(uniform(forStds, [count], { min: 0.4, max: 1.2 })),
    weights: valuesOf(uniform(forWeights, [count], { min: 0.2, max: 1 })),
  });
}

describe("laws of exact flow maps, for random laws", () => {
  it.each(seeds)("Gaussian %i: all laws of a flow map, and ∂ₜΦ = v(Φ, t)", (seed) => {
    const law = randomGaussian(seed);
    const options = { dim: law.dim, key: key(seed), velocity: law.velocity, tolerance: 1e-12, cases: 16 };
    expect(checkFlowMap(law.flowMap, options)).toMatchObject({ passed: true });
    const x = normal(key(seed), [8, law.dim]);
    const [s, t] = keys(key(seed)).map((each) => uniform(each, [8, 1]));
    const [y, slope] = jvp((end: Tensor) => law.flowMap(x, s, end), [t], [onesLike(t)]);
    expectValues(slope, valuesOf(law.velocity(y, t)), 1e-11);
  });

  it.each(seeds)("mixture %i: the quantile map passes all laws", (seed) => {
    const { flowMap, velocity } = quantileFlow(randomMixture(seed));
    const report = checkFlowMap(flowMap, { dim: 1, key: key(seed), velocity, tolerance: 1e-8, cases: 16 });
    expect(report).toMatchObject({ passed: true });
  });

  it.each(seeds.slice(0, 4))("permuting the batch permutes the result (%i)", (seed) => {
    const law = randomGaussian(seed);
    const x = normal(key(seed), [6, law.dim]);
    const t = uniform(key(seed), [6, 1]);
    expect(valuesOf(law.flowMap(x.flip(0), 0.1, t.flip(0)))).toEqual(valuesOf(law.flowMap(x, 0.1, t).flip(0)));
  });
});

describe("vmap over samples is the batch", () => {
  const x = normal(key(1), [5, 2]);
  const [s, t] = [uniform(key(2), [5]), uniform(key(3), [5])];
  const [columnS, columnT] = [s.reshape([5, 1]), t.reshape([5, 1])];
  const law = gaussian({
    mean: [1, -1],
    cov: [
      [1, 0.6],
      [0.6, 0.5],
    ],
  });
  const maps = {
    gaussian: law.flowMap,
    averageVelocity: law.averageVelocity,
    linearOde: linearOde([
      [-0.5, 2],
      [-1.5, 0.3],
    ]).flowMap,
    invertible: invertibleFlowMap(randomBijection(key(4), { dim: 2 })),
  };

  it.each(Object.entries(maps))("for the map %s", (_, map) => {
    const each = vmap((a: Tensor, b: Tensor, c: Tensor) => map(a, b, c))(x, s, t);
    expectValues(each, valuesOf(map(x, columnS, columnT)), 1e-13);
  });

  it("for the quantile map and its derivatives", () => {
    const { flowMap } = quantileFlow(randomMixture(1));
    const line = x.slice(null, [0, 1]);
    const each = vmap((a: Tensor, b: Tensor, c: Tensor) => flowMap(a, b, c))(line, s, t);
    expectValues(each, valuesOf(flowMap(line, columnS, columnT)), 1e-13);
    const slope = (a: Tensor, b: Tensor, c: Tensor) => jvp((y: Tensor) => flowMap(y, b, c), [a], [onesLike(a)])[1];
    expectValues(vmap(slope)(line, s, t), valuesOf(slope(line, columnS, columnT)), 1e-12);
  });

  it("for velocities", () => {
    const fields = [
      law.velocity,
      gaussianMixture({
        means: [
          [0, 1],
          [2, -1],
        ],
        covs: [
          [
            [1, 0.5],
            [0.5, 1],
          ],
          [
            [0.3, 0],
            [0, 0.2],
          ],
        ],
      }).velocity,
      formulaVelocity("[-x2, x1] * (1 - t)", { dim: 2 }),
    ];
    for (const field of fields) {
      expectValues(vmap((a: Tensor, b: Tensor) => field(a, b))(x, t), valuesOf(field(x, columnT)), 1e-13);
    }
  });
});
