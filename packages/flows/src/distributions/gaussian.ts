import {
  add,
  asTensor,
  DomainError,
  DTypeError,
  log,
  matmul,
  mul,
  mustBe,
  normal,
  ShapeError,
  sqrt,
  sub,
  sum,
  type Tensor,
  type TensorLike,
  transpose,
} from "@pushforward/tensor";
import { checkCall, checkColumn, checkMatrix } from "../callChecks.ts";
import { constant, type ExactFlow, type TimeField } from "../flow.ts";
import { checkCount, type ExactDistribution, type SampleOptions } from "./distribution.ts";
import {
  averageGain,
  conditionalVariance,
  denoiserGain,
  flowGain,
  marginalVariance,
  scoreGain,
  velocityGain,
} from "./gaussianPath.ts";
import { symmetricEigen } from "./symmetricEigen.ts";

/** Parameters of a Gaussian: either the covariance or the standard deviations. */
export interface GaussianParameters {
  /** μ: one number per coordinate, or a number in one dimension. */
  readonly mean: number | readonly number[];
  /** Σ: symmetric positive definite, [dim][dim]. */
  readonly cov?: readonly (readonly number[])[];
  /** Square roots of a diagonal Σ: one number per coordinate, or one number for all; default 1. */
  readonly std?: number | readonly number[];
}

/** N(μ, Σ) with the exact path from noise to it. */
export interface Gaussian extends ExactDistribution, ExactFlow {
  readonly mean: readonly number[];
  readonly cov: readonly (readonly number[])[];
  /** Eigenvalues of Σ, in the order of the columns of `vectors`. */
  readonly variances: readonly number[];
  /** Eigenvectors of Σ as columns, row-major [dim, dim]; absent if Σ is diagonal. */
  readonly vectors?: Float64Array;
  /** The law of X_t: N(tμ, t²Σ + (1 − t)²I). */
  marginal(t: number): Gaussian;
  /**
   * tr C_t = E‖X_1 − X_0 − v_t(X_t)‖²: the minimum of the flow-matching loss at time t, a scalar or [batch, 1] → a scalar or
   * [batch].
   */
  velocityVariance(t: TensorLike): Tensor;
}

const logTwoPi = Math.log(2 * Math.PI);

/**
 * A Gaussian data law. Σ is diagonalised once, in plain numbers. All functions consist of tensor operations, so they
 * differentiate in x and in the times.
 *
 *   S_t = t²Σ + (1 − t)²I,   v_t(x) = μ + (tΣ − (1 − t)I)·S_t⁻¹·(x − tμ),   Φ(x, s, t) = tμ + S_t^{1/2}·S_s^{−1/2}·(x − sμ)
 *
 * @throws DomainError unless Σ is symmetric and positive definite, ShapeError if sizes disagree
 */
export function gaussian(parameters: GaussianParameters): Gaussian {
  const { center, spread } = readParameters(parameters);
  const dim = center.length;
  const mu = constant(center, [dim]);
  const lambda = constant(spread.variances, [dim]);
  const basis = spread.vectors && constant(spread.vectors, [dim, dim]);
  const toEigen = (x: Tensor): Tensor => (basis ? matmul(x, basis(x)) : x);
  const fromEigen = (y: Tensor): Tensor => (basis ? matmul(y, transpose(basis(y))) : y);

  /** base·μ + gain·(x − t·μ), the gain acting along the eigenvectors. */
  const affine = (x: Tensor, t: TensorLike, gain: Tensor, base: TensorLike): Tensor => {
    const moved = fromEigen(mul(gain, toEigen(sub(x, mul(t, mu(x))))));
    return base === 0 ? moved : add(mul(base, mu(x)), moved);
  };
  /** A field of one time. */
  const field =
    (operation: string, gainOf: (variance: Tensor, t: TensorLike) => Tensor, base: number): TimeField =>
    (x, t) => {
      checkCall(`gaussian.${operation}`, x, { t }, dim);
      return affine(x, t, gainOf(lambda(x), t), base);
    };

  return {
    dim,
    mean: center,
    cov: spread.cov,
    variances: [...spread.variances],
    vectors: spread.vectors,
    marginal: (t) => {
      mustBe("gaussian.marginal", "t", t, "number");
      return gaussian(marginalParameters(center, spread.cov, t));
    },
    velocityVariance: (t) => {
      checkColumn("gaussian.velocityVariance", t);
      return sum(conditionalVariance(lambda(asTensor(t)), t), -1);
    },
    sample: (key, n, options: SampleOptions = {}) => {
      checkCount("gaussian.sample", n);
      const z = normal(key, [n, dim], options);
      return add(mu(z), fromEigen(mul(sqrt(lambda(z)), z)));
    },
    logProb: (x, t = 1) => {
      checkCall("gaussian.logProb", x, { t }, dim);
      const variance = marginalVariance(lambda(x), t);
      const offset = toEigen(sub(x, mul(t, mu(x))));
      // o·(o/v), since o² may overflow where o²/v does not.
      const squares = mul(offset, offset.div(variance));
      return mul(-0.5, sum(add(squares, add(log(variance), logTwoPi)), -1));
    },
    score: field("score", scoreGain, 0),
    velocity: field("velocity", velocityGain, 1),
    denoiser: field("denoiser", denoiserGain, 1),
    flowMap: (x, s, t) => {
      checkCall("gaussian.flowMap", x, { s, t }, dim);
      return affine(x, s, flowGain(lambda(x), s, t), t);
    },
    averageVelocity: (x, s, t) => {
      checkCall("gaussian.averageVelocity", x, { s, t }, dim);
      return affine(x, s, averageGain(lambda(x), s, t), 1);
    },
  };
}

/**
 * Checks that a value comes from {@link gaussian}.
 *
 * @throws DTypeError that names the operation and the argument
 */
export function checkGaussian(operation: string, name: string, value: unknown): void {
  mustBe(operation, name, value, "object");
  const { mean, variances, velocityVariance } = value as Partial<Gaussian>;
  const isGaussian = Array.isArray(mean) && Array.isArray(variances) && typeof velocityVariance === "function";
  if (!isGaussian)
    throw new DTypeError(`${operation}: ${name} must be a Gaussian; make one with gaussian({ mean, std })`);
}

interface Spread {
  readonly cov: number[][];
  readonly variances: Float64Array;
  readonly vectors?: Float64Array;
}

function readParameters(parameters: GaussianParameters): { center: number[]; spread: Spread } {
  mustBe("gaussian", "the parameters", parameters, "object");
  const { mean, cov, std } = parameters;
  if (typeof mean !== "number") mustBe("gaussian", "a mean that is no number", mean, "list");
  const center = typeof mean === "number" ? [mean] : [...mean];
  const dim = center.length;
  if (cov !== undefined && std !== undefined) throw new DomainError("gaussian: give either cov or std, got both");
  const spread = cov === undefined ? diagonal(std === undefined ? 1 : std, dim) : diagonalise(cov, dim);
  checkParameters(center, spread.variances, spread.vectors === undefined);
  return { center, spread };
}

function diagonal(std: number | readonly number[], dim: number): Spread {
  if (typeof std !== "number") mustBe("gaussian", "a std that is no number", std, "list");
  const all = typeof std === "number" ? new Array<number>(dim).fill(std) : std;
  if (all.length !== dim)
    throw new ShapeError(`gaussian: std must have one entry per coordinate of the mean, got ${all.length} for ${dim}`);
  const bad = all.findIndex((x) => !(x > 0 && Number.isFinite(x)));
  if (bad >= 0) {
    const hint = all[bad] === 0 ? "; use pointMass for a point" : "";
    throw new DomainError(`gaussian: std must be positive and finite, got ${all[bad]} at coordinate ${bad}${hint}`);
  }
  const variances = Float64Array.from(all, (x) => x * x);
  return { cov: Array.from(variances, (x, i) => all.map((_, j) => (i === j ? x : 0))), variances };
}

function diagonalise(cov: readonly (readonly number[])[], dim: number): Spread {
  checkMatrix("gaussian", "cov", cov);
  if (cov.length !== dim)
    throw new ShapeError(`gaussian: cov must be [${dim}, ${dim}] like the mean, got ${cov.length} rows`);
  const { values, vectors } = symmetricEigen(cov);
  const isDiagonal = cov.every((row, i) => row.every((x, j) => i === j || x === 0));
  return { cov: cov.map((row) => [...row]), variances: values, vectors: isDiagonal ? undefined : vectors };
}

function checkParameters(mean: readonly number[], variances: Float64Array, isDiagonal: boolean): void {
  const bad = mean.findIndex((x) => !Number.isFinite(x));
  if (mean.length === 0) throw new ShapeError("gaussian: the mean must have at least one coordinate, got none");
  if (bad >= 0) throw new DomainError(`gaussian: the mean must be finite, got ${mean[bad]} at coordinate ${bad}`);
  const [smallest, largest] = [Math.min(...variances), Math.max(...variances)];
  if (!Number.isFinite(largest)) throw new DomainError(`gaussian: the variances must be finite, got ${largest}`);
  // An eigenvalue of a matrix is known up to the rounding error of the largest eigenvalue.
  const rounding = isDiagonal ? 0 : mean.length * Number.EPSILON * largest;
  if (smallest > rounding) return;
  throw new DomainError(
    `gaussian: the covariance must be positive definite, its smallest eigenvalue is ${Number(smallest.toPrecision(6))}; use pointMass for a point`,
  );
}

function marginalParameters(
  mean: readonly number[],
  cov: readonly (readonly number[])[],
  t: number,
): GaussianParameters {
  const noise = (1 - t) ** 2;
  return {
    mean: mean.map((x) => t * x),
    cov: cov.map((row, i) => row.map((x, j) => t * t * x + (i === j ? noise : 0))),
  };
}
