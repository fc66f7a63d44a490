import { stopGradient } from "@pushforward/autodiff";
import {
  add,
  concat,
  div,
  equal,
  iota,
  maximum,
  mean,
  mul,
  sqrt,
  square,
  squaredNorm,
  sub,
  type Tensor,
  where,
} from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { driftField } from "./driftField.ts";
import { fromNoise } from "./generatedSample.ts";
import { inGroups } from "./groups.ts";
import { squaredDistances } from "./squaredDistances.ts";

/** Reaches of the kernel over the mean distance. @source official code: R_list */
const reaches = [0.02, 0.05, 0.2] as const;

/** Least values of squared distances, of the scale, and of the mean square of a field; distance at which a sample is from itself. @source official code */
const [smallestSquare, smallestScale, smallestField, ownDistance] = [1e-8, 1e-3, 1e-8, 100];

/** The field of a group, and the length c that one unit of it stands for. */
interface Drift {
  /** ∑_R V_R over its root mean square, at every sample, [groups, M, dim] */
  readonly field: Tensor;
  /** c, the mean distance over √D, [groups, 1, 1] */
  readonly unit: Tensor;
}

/** The mean over the last two axes, [groups, 1, 1]. */
const overGroup = (x: Tensor): Tensor => mean(mean(x, -1, { keepDims: true }), 1, { keepDims: true });

/** The drift of samples x away from each other and towards data y, each [groups, M, dim]. */
function driftOf(x: Tensor, y: Tensor): Drift {
  const [, M, dim] = x.shape;
  const others = concat([x, y], 1);
  const distances = sqrt(maximum(squaredDistances(x, others), smallestSquare));
  const scale = overGroup(distances);
  const unit = maximum(sqrt(div(square(scale), dim)), smallestScale);
  const [row, column] = [0, 1].map((axis) => iota([M, 2 * M], axis));
  const relative = div(distances, maximum(scale, smallestScale));
  const toOthers = where(equal(row, column), add(relative, ownDistance), relative);
  const points = { x: div(x, unit), repelling: div(x, unit), attracting: div(y, unit) };
  const fields = reaches.map((R) => {
    const V = driftField(points, mul(toOthers, -1 / R), { normalize: "both" });
    return div(V, sqrt(maximum(overGroup(square(V)), smallestField)));
  });
  return { field: fields.reduce((all, V) => add(all, V)), unit };
}

/**
 * Drifting: the samples of a group move towards points of the data that are near, and away from each other, while the network is trained. No
 * teacher and no path is involved: the map is a generator from noise.
 *
 *   L = 1/(D·sg[c]²) · ‖ X − sg[ X + c·Σ_R V_R/rms V_R ] ‖²,     V_R = Σ⁺Σ⁻·(m⁺ − m⁻),  R = 0.02, 0.05, 0.2
 *
 * m⁺ is a weighted mean of the data Y of the group, m⁻ of its other samples, Σ± the sums of the weights: the root of the product of two softmaxes
 * of −‖x − y‖/(R·ℓ), over all y and over all x. ℓ is the mean distance, c = ℓ/√D. Every V_R is divided by its root mean square, so the value stays
 * near a constant and does not indicate convergence. Samples of the law of the data still have a field, that of the noise of finite sets.
 *
 * @source Deng et al. 2026, official code, drift_loss.py: drift_loss, with one group for every class and as many points of the data as samples
 */
export const drifting = defineLoss({
  name: "drifting",
  label: "Drifting",
  family: "distribution",
  learns: "generator",
  needs: [],
  stops: ["target", "weight"],
  optimum: "biased",
  conditionalVelocity: "unused",
  times: "any",
  timeLaw: fromNoise({ kind: "uniform" }),
  tangent: null,
  /** @source official code, configs/gen: gen_per_label 64, pos_per_sample 64 */
  group: 64,
  formula: String.raw`\tfrac{1}{D}\, \sg{weight}{\tfrac{1}{c^2}} \left\lVert X - \sg{target}{X + c \sum_R \tfrac{V_R}{\operatorname{rms} V_R}} \right\rVert^2,\ V_R = \Sigma^+ \Sigma^- (m^+ - m^-)`,
  paper: { cite: "Deng et al. 2026", arxiv: "2602.04770" },
  grade: "A",
  departs: [
    "The code of the authors was read in their own version in PyTorch, the original in JAX and the configurations in copies of them.",
    "The mean distance and the root mean squares are those of a group; in the code those of all groups of a batch.",
    "Points are compared themselves; the code compares features of pictures, at several places and scales, by a network that was trained before.",
    "The samples of a group may have any labels, so labels are not learnt; in the code all samples of a group have one label, and unlabelled data repel for guidance.",
  ],

  loss({ generator, data, xs, s, group }) {
    const [X, Y] = [generator(xs, s), data].map((points) => inGroups(points, group));
    const { field, unit } = driftOf(X, Y);
    const target = stopGradient(add(X, mul(unit, field)), "target");
    const weight = stopGradient(mul(square(unit), X.shape[2]).squeeze(2), "weight");
    return div(squaredNorm(sub(X, target)), weight).reshape([-1]);
  },
});
