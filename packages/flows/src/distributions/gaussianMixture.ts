import {
  add,
  cast,
  DomainError,
  DTypeError,
  expandDims,
  gather,
  keys,
  less,
  log,
  logSumExp,
  matmul,
  mul,
  mustBe,
  normal,
  optionsOf,
  reshape,
  ShapeError,
  softmax,
  square,
  squeeze,
  sub,
  sum,
  swapAxes,
  type Tensor,
  type TensorLike,
  uniform,
} from "@pushforward/tensor";
import { checkCall } from "../callChecks.ts";
import { constant } from "../flow.ts";
import { checkCount, type ExactDistribution, type SampleOptions } from "./distribution.ts";
import { checkGaussian, type Gaussian, gaussian } from "./gaussian.ts";
import { denoiserGain, marginalVariance, scoreGain, velocityGain } from "./gaussianPath.ts";

/** Parameters of a mixture of Gaussians: either covariances or standard deviations. */
export interface GaussianMixtureParameters {
  /** w_k > 0, scaled to sum 1; equal by default. */
  readonly weights?: readonly number[];
  /** μ_k: one row per component, or one number per component in one dimension. */
  readonly means: readonly (number | readonly number[])[];
  /** Σ_k, one matrix per component. */
  readonly covs?: readonly (readonly (readonly number[])[])[];
  /** Standard deviations: one number for all, one number per component, or one row per component; default 1. */
  readonly stds?: number | readonly (number | readonly number[])[];
}

/** Σ w_k·N(μ_k, Σ_k) with the exact velocity and score of the path from noise to it. */
export interface GaussianMixture extends ExactDistribution {
  readonly weights: readonly number[];
  readonly components: readonly Gaussian[];
}

const logTwoPi = Math.log(2 * Math.PI);

/**
 * A mixture of Gaussians as data law: each field is the mean of the components' fields, weighted by the components' posterior
 * probabilities at x.
 *
 *   γ_k(x) ∝ w_k·N(x; tμ_k, t²Σ_k + (1 − t)²I),   v_t = Σ γ_k·v^{(k)},   s_t = Σ γ_k·s^{(k)},   D_t = Σ γ_k·D^{(k)}
 *
 * @throws DomainError for weights that are not positive or a Σ_k that is not positive definite, ShapeError if sizes disagree
 */
export function gaussianMixture(parameters: GaussianMixtureParameters): GaussianMixture {
  mustBe("gaussianMixture", "the parameters", parameters, "object");
  const { weights, means, covs, stds } = parameters;
  const parts = componentsOf(means, covs, stds);
  const normalised = normalise(weights, parts.length);
  const split = splitter(parts, normalised);

  /** Σ γ_k·(base·μ_k + gain_k·(x − tμ_k)). */
  const field =
    (operation: string, gainOf: (variance: Tensor, t: TensorLike) => Tensor, hasMean: boolean) =>
    (x: Tensor, t: TensorLike): Tensor => {
      const { center, variance, basis, turned, logJoint } = split(operation, x, t);
      const scaled = mul(gainOf(variance, t), turned);
      const moved = basis ? matmul(scaled, swapAxes(basis, -1, -2)) : scaled;
      const each = hasMean ? add(center, moved) : moved;
      const mixed = sum(mul(expandDims(softmax(logJoint, 0), -1), each), 0);
      return x.rank === 1 ? squeeze(mixed, 0) : mixed;
    };

  return {
    dim: parts[0].dim,
    weights: normalised,
    components: parts,
    sample: sampler(parts, normalised),
    logProb: (x, t = 1) => {
      const density = logSumExp(split("logProb", x, t).logJoint, 0);
      return x.rank === 1 ? squeeze(density, 0) : density;
    },
    score: field("score", scoreGain, false),
    velocity: field("velocity", velocityGain, true),
    denoiser: field("denoiser", denoiserGain, true),
  };
}

/**
 * Checks that a value comes from {@link gaussianMixture}.
 *
 * @throws DTypeError that names the operation
 */
export function checkMixture(operation: string, value: unknown): void {
  mustBe(operation, "the mixture", value, "object");
  const { weights, components } = value as Partial<GaussianMixture>;
  if (!Array.isArray(weights) || !Array.isArray(components)) {
    throw new DTypeError(
      `${operation}: the mixture must have components; make it with gaussianMixture({ means, stds })`,
    );
  }
  for (const [i, part] of components.entries()) checkGaussian(operation, `component ${i} of the mixture`, part);
}

/** The common part of all fields: the components along a new first axis, and points in the eigenbasis of each component. */
function splitter(parts: readonly Gaussian[], weights: readonly number[]) {
  const count = parts.length;
  const { dim } = parts[0];
  const mu = constant(
    parts.flatMap((part) => part.mean),
    [count, dim],
  );
  const lambda = constant(
    parts.flatMap((part) => part.variances),
    [count, dim],
  );
  const logWeights = constant(weights.map(Math.log), [count]);
  const bases = parts.some((part) => part.vectors) ? constant(parts.flatMap(basisOf), [count, dim, dim]) : undefined;

  return (operation: string, x: Tensor, t: TensorLike) => {
    checkCall(`gaussianMixture.${operation}`, x, { t }, dim);
    const points = x.rank === 1 ? expandDims(x, 0) : x;
    const ones = new Array<number>(points.rank - 1).fill(1);
    const center = reshape(mu(x), [count, ...ones, dim]);
    const variance = reshape(lambda(x), [count, ...ones, dim]);
    const basis = bases && reshape(bases(x), [count, ...ones.slice(1), dim, dim]);
    const offset = sub(points, mul(t, center));
    const turned = basis ? matmul(offset, basis) : offset;
    const spread = marginalVariance(variance, t);
    const terms = add(square(turned).div(spread), add(log(spread), logTwoPi));
    const logJoint = add(mul(-0.5, sum(terms, -1)), reshape(logWeights(x), [count, ...ones]));
    return { center, variance, basis, turned, logJoint };
  };
}

/** Draws a component by its weight, then a point of the component: x = μ_k + z·(Q_k·√λ_k)ᵀ. */
function sampler(parts: readonly Gaussian[], weights: readonly number[]): GaussianMixture["sample"] {
  const { dim } = parts[0];
  const mu = constant(
    parts.flatMap((part) => part.mean),
    [parts.length, dim],
  );
  const roots = constant(parts.flatMap(transposedRootOf), [parts.length, dim, dim]);
  let total = 0;
  const bounds = weights.slice(0, -1).map((weight) => {
    total += weight;
    return total;
  });
  return (key, n, options: SampleOptions = {}) => {
    const { dtype = "float64" } = optionsOf("gaussianMixture.sample", options);
    checkCount("gaussianMixture.sample", n);
    const [which, where] = keys(key);
    const z = normal(where, [n, dim], { dtype });
    const u = uniform(which, [n, 1], { dtype });
    const edges = constant(bounds, [bounds.length])(z);
    const index = sum(cast(less(edges, u), "int32"), -1);
    const turned = matmul(expandDims(z, 1), gather(roots(z), index));
    return add(gather(mu(z), index), squeeze(turned, 1));
  };
}

function componentsOf(
  means: GaussianMixtureParameters["means"],
  covs: GaussianMixtureParameters["covs"],
  stds: GaussianMixtureParameters["stds"],
): Gaussian[] {
  mustBe("gaussianMixture", "means", means, "list");
  if (covs !== undefined) mustBe("gaussianMixture", "covs", covs, "list");
  if (stds !== undefined && typeof stds !== "number") {
    mustBe("gaussianMixture", "stds that are no number", stds, "list");
  }
  if (means.length === 0) throw new ShapeError("gaussianMixture: needs at least one component, got none");
  if (covs !== undefined && stds !== undefined)
    throw new DomainError("gaussianMixture: give either covs or stds, got both");
  const given = covs ?? (typeof stds === "object" ? stds : undefined);
  if (given && given.length !== means.length) {
    throw new ShapeError(
      `gaussianMixture: ${covs ? "covs" : "stds"} must have one entry per component, got ${given.length} for ${means.length}`,
    );
  }
  const parts = means.map((mean, k) =>
    gaussian({ mean, cov: covs?.[k], std: typeof stds === "object" ? stds[k] : stds }),
  );
  const odd = parts.find((part) => part.dim !== parts[0].dim);
  if (odd) throw new ShapeError(`gaussianMixture: means must have equal lengths, got ${parts[0].dim} and ${odd.dim}`);
  return parts;
}

function normalise(given: readonly number[] | undefined, count: number): number[] {
  const weights = given === undefined ? new Array<number>(count).fill(1) : given;
  mustBe("gaussianMixture", "weights", weights, "list");
  if (weights.length !== count)
    throw new ShapeError(
      `gaussianMixture: weights must have one entry per component, got ${weights.length} for ${count}`,
    );
  const bad = weights.findIndex((w) => !(w > 0 && Number.isFinite(w)));
  if (bad >= 0)
    throw new DomainError(
      `gaussianMixture: weights must be positive and finite, got ${weights[bad]} at component ${bad}`,
    );
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (!Number.isFinite(total))
    throw new DomainError(`gaussianMixture: the sum of the weights must be finite, got ${total}`);
  const lost = weights.findIndex((w) => w / total === 0);
  if (lost >= 0) {
    throw new DomainError(
      `gaussianMixture: weights must differ by less than 1e308, got ${weights[lost]} of ${total} in all`,
    );
  }
  return weights.map((w) => w / total);
}

/** Q_k row by row; the identity if Σ_k is diagonal. */
const basisOf = ({ vectors, dim }: Gaussian): number[] =>
  vectors ? [...vectors] : Array.from({ length: dim * dim }, (_, i) => Number(Math.floor(i / dim) === i % dim));

/** (Q_k·√λ_k)ᵀ row by row. */
function transposedRootOf(part: Gaussian): number[] {
  const { dim, variances } = part;
  const basis = basisOf(part);
  return Array.from({ length: dim * dim }, (_, place) => {
    const [k, i] = [Math.floor(place / dim), place % dim];
    return Math.sqrt(variances[k]) * basis[i * dim + k];
  });
}
