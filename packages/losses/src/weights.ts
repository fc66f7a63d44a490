import { stopGradient } from "@pushforward/autodiff";
import { DomainError, exp, neg, norm, pow, sqrt, type Tensor, type TensorLike } from "@pushforward/tensor";

/**
 * Pseudo-Huber metric: quadratic for small errors, linear for large ones.
 *
 *   √(‖e‖² + c²) − c
 *
 * @param squared ‖e‖² of every sample, [batch]
 * @param c       size of a small error, in data units per unit of time; iCT uses 0.00054·√dim
 * @source Song and Dhariwal 2023 (iCT), section 3.3
 */
export function pseudoHuber(squared: Tensor, { c }: { readonly c: number }): Tensor {
  if (!(c > 0)) throw new DomainError(`pseudoHuber: c must be positive, got ${c}`);
  return sqrt(squared.add(c * c)).sub(c);
}

/**
 * Adaptive weight: errors of all sizes pull with more equal force.
 *
 *   sg[w]·‖e‖²,   w = 1/(‖e‖² + c)^p;   p = 0 leaves ‖e‖², p = 1 nearly normalises it
 *
 * @param squared ‖e‖² summed over the dimensions of every sample, [batch]
 * @source Geng et al. 2025 (MeanFlow), official code: p = 1, c = 0.01
 */
export function adaptiveWeight(
  squared: Tensor,
  { p = 1, c = 0.01 }: { readonly p?: number; readonly c?: number } = {},
): Tensor {
  if (!(c > 0)) throw new DomainError(`adaptiveWeight: c must be positive, got ${c}`);
  return squared.mul(stopGradient(pow(squared.add(c), -p), "weight"));
}

/**
 * Normalised tangent, of bounded length: sg(prediction + Δ/(‖Δ‖ + c)) is then the target. The value of such a loss is always
 * below 1 and says nothing of convergence.
 *
 *   Δ/(‖Δ‖ + c)
 *
 * @param tangent Δ = raw target − prediction, [batch, dim]
 * @source Lu and Song 2024 (sCM); Sabour et al. 2025 (AYF): c = 0.1
 */
export function normalizedTangent(tangent: Tensor, { c = 0.1 }: { readonly c?: number } = {}): Tensor {
  if (!(c > 0)) throw new DomainError(`normalizedTangent: c must be positive, got ${c}`);
  return tangent.div(norm(tangent, -1, { keepDims: true }).add(c));
}

/**
 * Learned weight of the times: its minimum over ω is 1 + log ‖e‖², so that all times count alike.
 *
 *   e^{−ω}·‖e‖² + ω
 *
 * @param squared ‖e‖² of every sample, [batch]
 * @param omega   ω(s, t), trained along, [batch] or a scalar
 * @source Boffi et al. 2025
 */
export function learnedWeight(squared: Tensor, omega: TensorLike): Tensor {
  return exp(neg(omega)).mul(squared).add(omega);
}

/** How a recipe weights the per-sample values of a loss, as data. */
export type Weighting =
  | { readonly kind: "none" }
  | { readonly kind: "adaptive"; readonly p?: number; readonly c?: number }
  | { readonly kind: "pseudoHuber"; readonly c: number }
  | { readonly kind: "learned" };

/** The weightings by kind, as functions of ‖e‖² [batch] and of ω(s, t) where there is one. */
export const weightings: {
  readonly [K in Weighting["kind"]]: (
    squared: Tensor,
    how: Extract<Weighting, { kind: K }>,
    omega?: TensorLike,
  ) => Tensor;
} = {
  none: (squared) => squared,
  adaptive: adaptiveWeight,
  pseudoHuber,
  learned: (squared, _how, omega) => {
    if (omega === undefined) throw new DomainError("learnedWeight: needs omega(s, t), got none");
    return learnedWeight(squared, omega);
  },
};

/**
 * Weights per-sample values as a description says.
 *
 * @throws DomainError for an unknown kind, naming the known ones
 */
export function applyWeighting(how: Weighting, squared: Tensor, omega?: TensorLike): Tensor {
  if (!Object.hasOwn(weightings, how.kind)) {
    throw new DomainError(
      `applyWeighting: kind must be one of ${Object.keys(weightings).join(", ")}, got "${how.kind}"`,
    );
  }
  const weighting = weightings[how.kind] as (squared: Tensor, how: Weighting, omega?: TensorLike) => Tensor;
  return weighting(squared, how, omega);
}
