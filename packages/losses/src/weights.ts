import { stopGradient } from "@pushforward/autodiff";
import { checkPoints, checkSameShape, checkTimes } from "@pushforward/flows";
import {
  broadcastTo,
  DomainError,
  exp,
  maximum,
  mustBe,
  mustBeOneOf,
  neg,
  norm,
  optionsOf,
  pow,
  reshape,
  sqrt,
  square,
  sub,
  type Tensor,
  type TensorLike,
  tensor,
} from "@pushforward/tensor";
import { checkBatch } from "./checkInput.ts";

/**
 * Pseudo-Huber metric: quadratic for small errors, linear for large ones.
 *
 *   √(‖e‖² + c²) − c
 *
 * @param squared   ‖e‖² of every sample, [batch]
 * @param options.c size of a small error, in data units per unit of time; iCT uses 0.00054·√dim
 * @source Song and Dhariwal 2023 (iCT), section 3.3
 */
export function pseudoHuber(squared: Tensor, options: { readonly c: number }): Tensor {
  const { c } = optionsOf("pseudoHuber", options);
  checkErrors("pseudoHuber", "squared", squared);
  mustBe("pseudoHuber", "c", c, "number");
  if (!(c > 0)) throw new DomainError(`pseudoHuber: c must be positive, got ${c}`);
  // The difference written as a quotient, because it would cancel if ‖e‖ is much smaller than c.
  return squared.div(sqrt(squared.add(c * c)).add(c));
}

/**
 * Adaptive weight: makes the gradients of small and large errors more equal.
 *
 *   sg[w]·‖e‖²,   w = 1/(‖e‖² + c)^p;   p = 0 leaves ‖e‖², p = 1 nearly normalises it
 *
 * @param squared ‖e‖² summed over the dimensions of every sample, [batch]
 * @source Geng et al. 2025 (MeanFlow), official code: p = 1, c = 0.01
 */
export function adaptiveWeight(squared: Tensor, options: { readonly p?: number; readonly c?: number } = {}): Tensor {
  const { p = 1, c = 0.01 } = optionsOf("adaptiveWeight", options);
  checkErrors("adaptiveWeight", "squared", squared);
  for (const [name, value] of Object.entries({ p, c })) mustBe("adaptiveWeight", name, value, "number");
  if (!Number.isFinite(p)) throw new DomainError(`adaptiveWeight: p must be finite, got ${p}`);
  if (!(c > 0)) throw new DomainError(`adaptiveWeight: c must be positive, got ${c}`);
  return squared.mul(stopGradient(pow(squared.add(c), -p), "weight"));
}

/**
 * Normalised tangent, of bounded length; the target is sg(prediction + Δ/(‖Δ‖ + c)). The value of such a loss is always below 1
 * and does not indicate convergence.
 *
 *   Δ/(‖Δ‖ + c)
 *
 * @param tangent Δ = raw target − prediction, [batch, dim]
 * @source Lu and Song 2024 (sCM); Sabour et al. 2025 (AYF): c = 0.1
 */
export function normalizedTangent(tangent: Tensor, options: { readonly c?: number } = {}): Tensor {
  const { c = 0.1 } = optionsOf("normalizedTangent", options);
  checkBatch("normalizedTangent", tangent, "the tangent");
  mustBe("normalizedTangent", "c", c, "number");
  if (!(c > 0)) throw new DomainError(`normalizedTangent: c must be positive, got ${c}`);
  return tangent.div(norm(tangent, -1, { keepDims: true }).add(c));
}

/**
 * Learned weight of the times: the minimum over ω is 1 + log ‖e‖², so that all times have equal weight.
 *
 *   e^{−ω}·‖e‖² + ω
 *
 * @param squared ‖e‖² of every sample, [batch]
 * @param omega   ω(s, t), trained with the student, [batch] or a scalar
 * @source Boffi et al. 2025
 */
export function learnedWeight(squared: Tensor, omega: TensorLike): Tensor {
  checkErrors("learnedWeight", "squared", squared);
  if (typeof omega !== "number") mustBe("learnedWeight", "an omega that is no number", omega, "tensor");
  if (typeof omega === "object" && omega.rank > 0)
    checkSameShape("learnedWeight", "omega", omega, squared, " like squared");
  return exp(neg(omega)).mul(squared).add(omega);
}

/**
 * Truncated signal-to-noise weight: the larger of the errors of predicted data and predicted noise counts. For velocities the
 * weight is max(1, SNR)·(1 − s)² with SNR = s²/(1 − s)².
 *
 *   max((1 − s)², s²)·‖e‖²
 *
 * @param squared ‖e‖² of velocities, [batch]
 * @param s       time of every sample, scalar or [batch, 1]
 * @source Salimans and Ho 2022, section 4, "truncated SNR"
 */
export function truncatedSnrWeight(squared: Tensor, s: TensorLike): Tensor {
  const time = perValue("truncatedSnrWeight", s, squared);
  const [clean, noisy] = [square(time), square(sub(1, time))];
  return squared.mul(maximum(noisy, clean));
}

/**
 * Weight of an error in predicted data as a function of the noise level σ = (1 − s)/s.
 *
 *   (1/σ² + 1/σ_d²)·‖e‖²
 *
 * @param squared ‖e‖² of data predictions, [batch]
 * @param s       time of every sample below 1, scalar or [batch, 1]
 * @source Karras et al. 2022, table 1, up to a factor; the weight of CTM's denoising term
 */
export function denoisingWeight(squared: Tensor, s: TensorLike, options: { readonly sigmaData?: number } = {}): Tensor {
  const { sigmaData = 0.5 } = optionsOf("denoisingWeight", options);
  mustBe("denoisingWeight", "sigmaData", sigmaData, "number");
  if (!(sigmaData > 0)) throw new DomainError(`denoisingWeight: sigmaData must be positive, got ${sigmaData}`);
  const time = perValue("denoisingWeight", s, squared);
  return squared.mul(square(time.div(sub(1, time))).add(sigmaData ** -2));
}

/** Checks that errors are floats. */
const checkErrors = (operation: string, name: string, errors: Tensor): void =>
  checkPoints(operation, errors, undefined, name, "[batch]");

/**
 * Weight of the error of a velocity that makes it the error of TrigFlow's velocity: that of predicted data over sin²τ, tan τ = (1 − t)/(σ_d·t).
 *
 *   ((σ_d·t)² + (1 − t)²)·‖e‖²
 *
 * @param squared ‖e‖² of velocities, [batch]
 * @param s       time of every sample, scalar or [batch, 1]
 * @source Zheng et al. 2025 (rCM), official code: training_step_critic, with σ_d = 1
 */
export function trigFlowWeight(squared: Tensor, s: TensorLike, options: { readonly sigmaData?: number } = {}): Tensor {
  const { sigmaData = 0.5 } = optionsOf("trigFlowWeight", options);
  mustBe("trigFlowWeight", "sigmaData", sigmaData, "number");
  if (!(sigmaData > 0)) throw new DomainError(`trigFlowWeight: sigmaData must be positive, got ${sigmaData}`);
  const time = perValue("trigFlowWeight", s, squared);
  return squared.mul(square(time.mul(sigmaData)).add(square(sub(1, time))));
}

/** A time (scalar or [batch, 1]) for every value [batch]. */
const perValue = (operation: string, time: TensorLike, squared: Tensor): Tensor => {
  checkErrors(operation, "squared", squared);
  const { shape, dtype } = squared;
  checkTimes(operation, { shape: [...shape, 1], dtype }, { s: time }, "values");
  const column = typeof time === "object" ? time : tensor(Number(time), { dtype: dtype as "float64" });
  return reshape(broadcastTo(column, [...shape, 1]), shape);
};

/** A recipe's weighting of the per-sample values of a loss, as data. */
export type Weighting =
  | { readonly kind: "none" }
  | { readonly kind: "adaptive"; readonly p?: number; readonly c?: number }
  | { readonly kind: "pseudoHuber"; readonly c: number }
  | { readonly kind: "learned" }
  | { readonly kind: "truncatedSnr" }
  | { readonly kind: "denoising"; readonly sigmaData?: number }
  | { readonly kind: "trigFlow"; readonly sigmaData?: number };

/** The weightings by kind, as functions of ‖e‖² [batch], of ω(s, t) if the weighting is learned, and of the start time. */
export const weightings: {
  readonly [K in Weighting["kind"]]: (
    squared: Tensor,
    how: Extract<Weighting, { kind: K }>,
    omega?: TensorLike,
    s?: TensorLike,
  ) => Tensor;
} = {
  none: (squared) => squared,
  adaptive: adaptiveWeight,
  pseudoHuber,
  learned: (squared, _how, omega) => {
    if (omega === undefined) throw new DomainError("learnedWeight: needs omega(s, t), got none");
    return learnedWeight(squared, omega);
  },
  truncatedSnr: (squared, _how, _omega, s) => truncatedSnrWeight(squared, startOf("truncatedSnrWeight", s)),
  denoising: (squared, how, _omega, s) => denoisingWeight(squared, startOf("denoisingWeight", s), how),
  trigFlow: (squared, how, _omega, s) => trigFlowWeight(squared, startOf("trigFlowWeight", s), how),
};

function startOf(what: string, s: TensorLike | undefined): TensorLike {
  if (s === undefined) throw new DomainError(`${what}: needs the start time s, got none`);
  return s;
}

/**
 * Applies a weighting to per-sample values.
 *
 * @param omega ω(s, t), for the learned weight
 * @param s     start times, for weights that depend on them
 * @throws DomainError for an unknown kind, naming the known ones
 */
export function applyWeighting(how: Weighting, squared: Tensor, omega?: TensorLike, s?: TensorLike): Tensor {
  mustBe("applyWeighting", "the weighting", how, "object");
  if (typeof how.kind !== "string" || !Object.hasOwn(weightings, how.kind)) {
    throw new DomainError(`applyWeighting: kind ${mustBeOneOf(how.kind, Object.keys(weightings))}`);
  }
  const weighting = weightings[how.kind] as (
    squared: Tensor,
    how: Weighting,
    omega?: TensorLike,
    s?: TensorLike,
  ) => Tensor;
  return weighting(squared, how, omega, s);
}
