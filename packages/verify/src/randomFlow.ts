import {
  type ExactFlow,
  type Gaussian,
  type GaussianMixture,
  gaussian,
  gaussianMixture,
  interpolate,
  linearOde,
  quantileFlow,
} from "@pushforward/flows";
import type { Tensor } from "@pushforward/tensor";
import type { Draws } from "./draws.ts";

/** A Gaussian with standard deviations from 0.3 to about 1.5 along random axes. */
export function randomGaussian(draws: Draws, dim: number): Gaussian {
  const root = Array.from({ length: dim }, () => draws.list(dim, () => draws.uniform(-0.9, 0.9)));
  const cov = root.map((row, i) =>
    root.map((other, j) => row.reduce((sum, x, k) => sum + x * other[k], i === j ? 0.09 : 0)),
  );
  return gaussian({ mean: draws.list(dim, () => draws.uniform(-2, 2)), cov });
}

/** Two or three Gaussians on the line. */
export function randomMixtureOnLine(draws: Draws): GaussianMixture {
  const count = draws.integer(2, 3);
  return gaussianMixture({
    weights: draws.list(count, () => draws.uniform(0.3, 1)),
    means: draws.list(count, () => draws.uniform(-2, 2)),
    stds: draws.list(count, () => draws.uniform(0.4, 0.9)),
  });
}

/** Two or three Gaussians in the plane. */
export function randomMixture(draws: Draws): GaussianMixture {
  const parts = Array.from({ length: draws.integer(2, 3) }, () => randomGaussian(draws, 2));
  return gaussianMixture({
    weights: parts.map(() => draws.uniform(0.3, 1)),
    means: parts.map((part) => part.mean),
    covs: parts.map((part) => part.cov),
  });
}

/** A flow known exactly, with a sampler of points on it. */
export interface FlowInstance {
  readonly flow: ExactFlow;
  /** n points at the times s [n, 1]. */
  points(s: Tensor): Tensor;
}

/** One of the three oracles at random: a Gaussian in one to three dimensions, a linear ODE, a mixture on the line. */
export function randomFlow(draws: Draws): FlowInstance {
  const kind = draws.pick(["gaussian", "linearOde", "quantile"] as const);
  if (kind === "linearOde") {
    const dim = draws.integer(1, 3);
    const flow = linearOde(Array.from({ length: dim }, () => draws.list(dim, () => draws.uniform(-1.5, 1.5))));
    return { flow, points: (s) => draws.normal([s.shape[0], dim]) };
  }
  const law = kind === "gaussian" ? randomGaussian(draws, draws.integer(1, 3)) : randomMixtureOnLine(draws);
  const flow = "flowMap" in law ? law : quantileFlow(law);
  const points = (s: Tensor): Tensor => {
    const n = s.shape[0];
    return interpolate(draws.normal([n, law.dim]), law.sample(draws.subkey(), n), s);
  };
  return { flow, points };
}
