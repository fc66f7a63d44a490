import {
  add,
  atan,
  cos,
  DomainError,
  div,
  exp,
  expm1,
  log,
  mul,
  mustBe,
  neg,
  sin,
  sqrt,
  square,
  sub,
  type Tensor,
  type TensorLike,
} from "@pushforward/tensor";
import { checkCall, checkedFunction, checkPoints, checkSameShape, checkTimes } from "./callChecks.ts";
import type { TimeField, VelocityField } from "./flow.ts";

/**
 * A Gaussian path y_τ = alpha(τ)·data + sigma(τ)·noise on its own clock τ. Like all times of the project, τ runs from noise (τ =
 * 0) to data (τ = 1).
 */
export interface Interpolant {
  readonly name: string;
  alpha(tau: TensorLike): Tensor;
  sigma(tau: TensorLike): Tensor;
  /** dα/dτ */
  dAlpha(tau: TensorLike): Tensor;
  /** dσ/dτ */
  dSigma(tau: TensorLike): Tensor;
  /** The τ with the same mixture as the linear path at t: α/(α + σ) = t. */
  fromLinearTime(t: TensorLike): Tensor;
}

/**
 * Checks that a value is a path.
 *
 * @throws DTypeError that names the operation and the missing member
 */
function checkPath(operation: string, path: Interpolant): void {
  mustBe(operation, "the path", path, "object");
  for (const name of ["alpha", "sigma", "dAlpha", "dSigma", "fromLinearTime"] as const) {
    mustBe(operation, `${name} of the path`, path[name], "function");
  }
}

/** X_t = t·data + (1 − t)·noise: the path of this project; its clock is t itself. */
export const linear: Interpolant = {
  name: "linear",
  alpha: (t) => mul(t, 1),
  sigma: (t) => sub(1, t),
  dAlpha: (t) => add(mul(t, 0), 1),
  dSigma: (t) => sub(mul(t, 0), 1),
  fromLinearTime: (t) => mul(t, 1),
};

const quarterTurn = Math.PI / 2;

/**
 * α = sin(πτ/2), σ = σ_d·cos(πτ/2): TrigFlow on a clock from 0 to 1; its own angle is π/2·(1 − τ).
 *
 * @param sigmaData σ_d, standard deviation of the noise
 * @throws DomainError unless σ_d is positive
 * @source Lu and Song 2024, arXiv 2410.11081
 */
export function trigFlow(sigmaData: number): Interpolant {
  if (!(sigmaData > 0 && Number.isFinite(sigmaData))) {
    throw new DomainError(`trigFlow: sigmaData must be positive and finite, got ${sigmaData}`);
  }
  return {
    name: sigmaData === 1 ? "trigonometric" : `trigFlow(${sigmaData})`,
    alpha: (tau) => sin(mul(quarterTurn, tau)),
    sigma: (tau) => mul(sigmaData, cos(mul(quarterTurn, tau))),
    dAlpha: (tau) => mul(quarterTurn, cos(mul(quarterTurn, tau))),
    dSigma: (tau) => mul(-quarterTurn * sigmaData, sin(mul(quarterTurn, tau))),
    // tan(πτ/2) = a/b with a = σ_d·t, b = 1 − t; tan(πτ/2 − π/4) = (a − b)/(a + b) stays finite at both ends
    fromLinearTime: (t) => {
      const [a, b] = [mul(sigmaData, t), sub(1, t)];
      return add(0.5, mul(1 / quarterTurn, atan(div(sub(a, b), add(a, b)))));
    },
  };
}

/** α = sin(πτ/2), σ = cos(πτ/2). */
export const trigonometric: Interpolant = trigFlow(1);

/** Rates of the variance-preserving diffusion at its data and noise end. @source Song et al. 2021, arXiv 2011.13456, appendix C */
const betaMin = 0.1;
const betaMax = 20;

/**
 * Variance preserving with linear β(u) = 0.1 + u·19.9 on u = 1 − τ: α = exp(−½∫₀ᵘβ), σ = √(1 − α²).
 *
 * At τ = 0 the data has the coefficient α = e^{−5.025}; at τ = 1 dσ/dτ is infinite.
 *
 * @source Song et al. 2021, arXiv 2011.13456, equation 33
 */
export const variancePreserving: Interpolant = {
  name: "variancePreserving",
  alpha: (tau) => exp(logAlpha(tau)),
  sigma: (tau) => sqrt(neg(expm1(mul(2, logAlpha(tau))))),
  dAlpha: (tau) => mul(mul(0.5, beta(tau)), exp(logAlpha(tau))),
  // σ² = 1 − α²  ⇒  σ' = −α·α'/σ
  dSigma: (tau) => {
    const squared = exp(mul(2, logAlpha(tau)));
    return div(mul(mul(-0.5, beta(tau)), squared), sqrt(neg(expm1(mul(2, logAlpha(tau))))));
  },
  // α = t/√(t² + (1 − t)²); ¼(β₁ − β₀)u² + ½β₀u = −ln α solved so that nothing cancels at u = 0
  fromLinearTime: (t) => {
    const minusLogAlpha = mul(0.5, log(add(1, square(div(sub(1, t), t)))));
    const root = sqrt(add(betaMin ** 2, mul(4 * (betaMax - betaMin), minusLogAlpha)));
    return sub(1, div(mul(4, minusLogAlpha), add(betaMin, root)));
  },
};

/** β at the clock τ, per unit of time. */
const beta = (tau: TensorLike): Tensor => add(betaMin, mul(betaMax - betaMin, sub(1, tau)));

/** ln α = −¼u²(β₁ − β₀) − ½uβ₀ with u = 1 − τ. */
const logAlpha = (tau: TensorLike): Tensor => {
  const u = sub(1, tau);
  return neg(mul(u, add(mul((betaMax - betaMin) / 4, u), betaMin / 2)));
};

/**
 * Variance exploding, y = data + ε·σ, on the clock t = 1/(1 + σ): α = 1, σ = (1 − t)/t; noise is at t = 0, where σ is infinite.
 *
 * @source Karras et al. 2022, arXiv 2206.00364
 */
export const edm: Interpolant = {
  name: "edm",
  alpha: (t) => add(mul(t, 0), 1),
  sigma: (t) => div(sub(1, t), t),
  dAlpha: (t) => mul(t, 0),
  dSigma: (t) => div(-1, square(t)),
  fromLinearTime: (t) => mul(t, 1),
};

/** Every interpolant by its name. */
export const interpolants = { linear, trigonometric, variancePreserving, edm } as const;

/** α, σ and their derivatives at a time. */
export interface Coefficients {
  readonly alpha: Tensor;
  readonly sigma: Tensor;
  readonly dAlpha: Tensor;
  readonly dSigma: Tensor;
}

/** The coefficients of a path at the times of points, each computed at its first use. */
export function coefficients(operation: string, path: Interpolant, t: TensorLike, x: Tensor): Coefficients {
  checkPath(operation, path);
  const at = (name: keyof Coefficients): Tensor => {
    const value = path[name](t);
    checkTimes(`${operation}: path ${path.name}`, x, { [name]: value });
    return value;
  };
  return {
    get alpha() {
      return at("alpha");
    },
    get sigma() {
      return at("sigma");
    },
    get dAlpha() {
      return at("dAlpha");
    },
    get dSigma() {
      return at("dSigma");
    },
  };
}

/** The coefficients at the time of a pair of noise and data. */
function between(operation: string, noise: Tensor, data: Tensor, t: TensorLike, path: Interpolant): Coefficients {
  checkPoints(operation, noise);
  checkSameShape(operation, "data", data, noise, " like noise");
  checkTimes(operation, noise, { t }, "noise");
  return coefficients(operation, path, t, noise);
}

/** Point of the path between noise and data: alpha·data + sigma·noise; on the linear path t·data + (1 − t)·noise. */
export function interpolate(noise: Tensor, data: Tensor, t: TensorLike, path: Interpolant = linear): Tensor {
  const { alpha, sigma } = between("interpolate", noise, data, t, path);
  return add(mul(alpha, data), mul(sigma, noise));
}

/** Its derivative in time, the conditional velocity: alpha'·data + sigma'·noise; on the linear path data − noise. */
export function conditionalVelocity(noise: Tensor, data: Tensor, t: TensorLike, path: Interpolant = linear): Tensor {
  const { dAlpha, dSigma } = between("conditionalVelocity", noise, data, t, path);
  return add(mul(dAlpha, data), mul(dSigma, noise));
}

/** Time of the linear path with the same mixture: t = α/(α + σ). */
export function linearTime(path: Interpolant, tau: TensorLike): Tensor {
  checkPath("linearTime", path);
  return div(path.alpha(tau), pathScale(path, tau));
}

/** k = α + σ: y_τ = k·X_t. */
export function pathScale(path: Interpolant, tau: TensorLike): Tensor {
  checkPath("pathScale", path);
  return add(path.alpha(tau), path.sigma(tau));
}

/** A point of any path as a point of the linear path: X = y/k at t = α/(α + σ), [x, t]. */
export function toLinearPath(path: Interpolant, y: Tensor, tau: TensorLike): [Tensor, Tensor] {
  checkPath("toLinearPath", path);
  checkCall("toLinearPath", y, { tau });
  return [div(y, pathScale(path, tau)), linearTime(path, tau)];
}

/** A point of the linear path as a point of another path: y = k·X at the τ with α/(α + σ) = t, [y, tau]. */
export function fromLinearPath(path: Interpolant, x: Tensor, t: TensorLike): [Tensor, Tensor] {
  checkPath("fromLinearPath", path);
  checkCall("fromLinearPath", x, { t });
  const tau = path.fromLinearTime(t);
  return [mul(pathScale(path, tau), x), tau];
}

/**
 * A velocity of the linear path as the velocity of another path on its own clock.
 *
 *   dy/dτ = k'·X_t + k·(dt/dτ)·v_t(X_t),   dt/dτ = (α'σ − ασ')/k²
 */
export function velocityOnPath(path: Interpolant, v: VelocityField): TimeField {
  checkPath("velocityOnPath", path);
  const velocity = checkedFunction("velocityOnPath", "v", v);
  return (y, tau) => {
    const [x, t] = toLinearPath(path, y, tau);
    const { scale, dScale, dTime } = clock(path, tau, y);
    return add(mul(dScale, x), mul(mul(scale, dTime), velocity(x, t)));
  };
}

/** The inverse of {@link velocityOnPath}: v_t(X) = (dy/dτ − k'·X)/(k·dt/dτ). */
export function velocityFromPath(path: Interpolant, w: VelocityField): TimeField {
  checkPath("velocityFromPath", path);
  const velocity = checkedFunction("velocityFromPath", "w", w);
  return (x, t) => {
    const [y, tau] = fromLinearPath(path, x, t);
    const { scale, dScale, dTime } = clock(path, tau, x);
    return div(sub(velocity(y, tau), mul(dScale, x)), mul(scale, dTime));
  };
}

/** k, k' and dt/dτ. */
function clock(path: Interpolant, tau: TensorLike, x: Tensor): { scale: Tensor; dScale: Tensor; dTime: Tensor } {
  const { alpha, sigma, dAlpha, dSigma } = coefficients("path", path, tau, x);
  const scale = add(alpha, sigma);
  const dTime = div(sub(mul(dAlpha, sigma), mul(alpha, dSigma)), square(scale));
  return { scale, dScale: add(dAlpha, dSigma), dTime };
}
