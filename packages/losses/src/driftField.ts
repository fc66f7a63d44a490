import { checkPoints } from "@pushforward/flows";
import {
  concat,
  DomainError,
  formatShape,
  matmul,
  maximum,
  mul,
  mustBe,
  mustBeOneOf,
  optionsOf,
  ShapeError,
  sameShape,
  softmax,
  sqrt,
  sub,
  sum,
  type Tensor,
} from "@pushforward/tensor";

/** Points of groups, each [groups, ·, dim]. */
export interface DriftPoints {
  /** Points that move, [groups, N, dim] */
  readonly x: Tensor;
  /** Points that repel them, [groups, Q, dim] */
  readonly repelling: Tensor;
  /** Points that attract them, [groups, P, dim] */
  readonly attracting: Tensor;
}

/** Products of normalised weights are at least this large, so that distant points keep a little weight. @source official code: clip at 1e-6 */
const smallestProduct = 1e-6;

/** How weights are normalised: over the points that repel and attract, or also over the points that move, as a geometric mean. */
const normalizations = {
  targets: (logits: Tensor): Tensor => softmax(logits, -1),
  both: (logits: Tensor): Tensor => sqrt(maximum(softmax(logits, -1).mul(softmax(logits, -2)), smallestProduct)),
} as const;

/**
 * The field that moves points towards points of the data and away from generated ones, as a difference of two mean shifts.
 *
 *   V(x) = Σ⁻·Σⱼ wⱼ·(yⱼ⁺ − x) − Σ⁺·Σⱼ wⱼ·(yⱼ⁻ − x) = Σ⁺Σ⁻·(m⁺ − m⁻),     Σ± the sums of the weights w of a set, m± its weighted mean
 *
 * It vanishes where both sets are equal, and changes its sign when they are exchanged.
 *
 * @param points points that move, repel and attract
 * @param logits logarithms of the kernel at x and all other points, the repelling ones first, [groups, N, Q + P]
 * @param options.normalize the weights are a softmax over all points y (`targets`), or the root of its product with the softmax over x (`both`)
 * @returns [groups, N, dim]
 * @throws ShapeError unless the shapes fit together
 * @source Deng et al. 2026, official code, drift_loss.py: R_coeff and total_force_R
 */
export function driftField(
  points: DriftPoints,
  logits: Tensor,
  options: { readonly normalize: keyof typeof normalizations },
): Tensor {
  const { normalize } = optionsOf("driftField", options);
  checkDrift(points, logits);
  if (typeof normalize !== "string" || !Object.hasOwn(normalizations, normalize))
    throw new DomainError(`driftField: normalize ${mustBeOneOf(normalize, Object.keys(normalizations))}`);
  const { x, repelling, attracting } = points;
  const count = repelling.shape[1];
  const weights = normalizations[normalize](logits);
  const [away, towards] = [weights.slice(null, null, [0, count]), weights.slice(null, null, [count, logits.shape[2]])];
  const total = (w: Tensor): Tensor => sum(w, -1, { keepDims: true });
  const coefficients = concat([mul(mul(away, total(towards)), -1), mul(towards, total(away))], 2);
  // The coefficients of a point add up to 0 but for rounding, which the second part removes.
  return sub(matmul(coefficients, concat([repelling, attracting], 1)), mul(total(coefficients), x));
}

function checkDrift(points: DriftPoints, logits: Tensor): void {
  mustBe("driftField", "the points", points, "object");
  for (const name of ["x", "repelling", "attracting"] as const) {
    checkPoints("driftField", points[name], undefined, name, "[groups, points, dim]");
    const { shape } = points[name];
    const [groups, , dim] = points.x.shape;
    if (shape.length !== 3 || shape[0] !== groups || shape[2] !== dim)
      throw new ShapeError(
        `driftField: ${name} must be [${groups ?? "groups"}, points, ${dim ?? "dim"}], got ${formatShape(shape)}`,
      );
  }
  checkPoints("driftField", logits, undefined, "the logits", "[groups, points, others]");
  const { x, repelling, attracting } = points;
  const wanted = [x.shape[0], x.shape[1], repelling.shape[1] + attracting.shape[1]];
  if (!sameShape(logits.shape, wanted))
    throw new ShapeError(
      `driftField: the logits must be ${formatShape(wanted)}, one for each point and each repelling or attracting one, got ${formatShape(logits.shape)}`,
    );
}
