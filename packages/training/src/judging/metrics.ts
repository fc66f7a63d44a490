import type { Problem } from "../problems/problem.ts";
import { directionsFor } from "./directions.ts";
import { energyDistance } from "./energyDistance.ts";
import { histogramKl } from "./histogramKl.ts";
import { accuracy, coverage, frechet, usualNeighbour } from "./labelScores.ts";
import { mapError } from "./mapError.ts";
import { defineMetric, type Metric } from "./metric.ts";
import { countPoints } from "./pointSet.ts";
import { slicedWasserstein } from "./slicedWasserstein.ts";

/** Cells along each axis of a histogram: so few that each holds some of the samples. */
const histogramBins = 16;

/** Problems of metrics that a classifier computes. */
const labelled = {
  words: "problems whose points have labels",
  holds: ({ classes }: Problem) => classes !== undefined,
};

/** Problems of metrics that compare neighbours: each held-out point needs some. */
const withNeighbours = {
  words: `problems whose points have labels, with more than ${usualNeighbour} held-out points`,
  holds: (problem: Problem) => labelled.holds(problem) && countPoints(problem.heldOut) > usualNeighbour,
};

/**
 * All metrics, by their keys in JSON and in the order of their columns. Judging, columns, sentences of reports, keys of
 * studies and the table in docs/lab.md follow from these rows.
 */
export const metrics = {
  oneStepError: defineMetric({
    title: "1-step error",
    meaning:
      "The 1-step error is the root mean square distance to the exact flow map after one evaluation of the network.",
    formula: String.raw`\sqrt{\mathbb{E}\lVert \hat\Phi_1(\varepsilon) - \Phi(\varepsilon) \rVert^2}`,
    unit: "data",
    better: "smaller",
    needs: ["exactMap", "oneStep"],
    of: ({ exactMap, oneStep }) => mapError(oneStep, exactMap),
  }),
  fourStepError: defineMetric({
    title: "4-step error",
    meaning:
      "The 4-step error is the root mean square distance to the exact flow map after four evaluations of the network.",
    formula: String.raw`\sqrt{\mathbb{E}\lVert \hat\Phi_4(\varepsilon) - \Phi(\varepsilon) \rVert^2}`,
    unit: "data",
    better: "smaller",
    needs: ["exactMap", "fourSteps"],
    of: ({ exactMap, fourSteps }) => mapError(fourSteps, exactMap),
  }),
  slicedWasserstein: defineMetric({
    title: "sliced W₂",
    meaning:
      "Sliced W₂ is the 2-Wasserstein distance between samples and held-out data along a direction, as a root mean square over many directions.",
    formula: String.raw`\sqrt{\mathbb{E}_\theta W_2^2(\theta \cdot X, \theta \cdot Y)}`,
    unit: "data",
    better: "smaller",
    needs: ["samples", "heldOut"],
    of: ({ samples, heldOut }) => slicedWasserstein(samples, heldOut, directionsFor(heldOut.dim)),
  }),
  energyDistance: defineMetric({
    title: "energy distance",
    meaning: "The energy distance between samples X and held-out data Y is 2·E|X − Y| − E|X − X′| − E|Y − Y′|.",
    formula: String.raw`2\,\mathbb{E}\lVert X - Y \rVert - \mathbb{E}\lVert X - X' \rVert - \mathbb{E}\lVert Y - Y' \rVert`,
    unit: "data",
    better: "smaller",
    needs: ["samples", "heldOut"],
    of: ({ samples, heldOut }) => energyDistance(samples, heldOut),
  }),
  histogramKl: defineMetric({
    title: "histogram KL",
    meaning: `Histogram KL is the Kullback–Leibler divergence of held-out data from samples, both counted in ${histogramBins} × ${histogramBins} cells: it detects mass in wrong places, not shapes within a cell.`,
    formula: String.raw`\sum_k p_k \log(p_k / q_k)`,
    unit: "nats",
    better: "smaller",
    needs: ["samples", "heldOut"],
    where: {
      words: "problems in the plane without a known exact flow map",
      holds: ({ dim, exact }) => dim === 2 && exact === undefined,
    },
    of: ({ samples, heldOut }) => histogramKl(heldOut, samples, { bins: histogramBins }),
  }),
  accuracy: defineMetric({
    title: "accuracy",
    meaning:
      "Accuracy is the fraction of the samples that a small classifier gives the class that they were made for; the classifier learns the training points in their original units.",
    formula: String.raw`\mathbb{P}(\operatorname{argmax}_k c_k(X) = k_X)`,
    unit: "none",
    better: "larger",
    needs: ["askedClasses", "sampleClasses"],
    where: labelled,
    of: ({ askedClasses, sampleClasses }) => accuracy(sampleClasses, askedClasses),
  }),
  frechet: defineMetric({
    title: "Fréchet distance",
    meaning:
      "The Fréchet distance is that of two Gaussians, with the moments of samples and of held-out points in the last hidden layer of a small classifier.",
    formula: String.raw`\lVert \mu_X - \mu_Y \rVert^2 + \operatorname{tr}\bigl(C_X + C_Y - 2 (C_X^{1/2} C_Y C_X^{1/2})^{1/2}\bigr)`,
    unit: "none",
    better: "smaller",
    needs: ["sampleFeatures", "heldOutFeatures"],
    where: labelled,
    of: ({ sampleFeatures, heldOutFeatures }) => frechet(sampleFeatures, heldOutFeatures),
  }),
  fourStepFrechet: defineMetric({
    title: "4-step Fréchet",
    meaning:
      "The 4-step Fréchet compares held-out points in the same way with samples after four evaluations of the network.",
    formula: String.raw`\lVert \mu_{X_4} - \mu_Y \rVert^2 + \operatorname{tr}\bigl(C_{X_4} + C_Y - 2 (C_{X_4}^{1/2} C_Y C_{X_4}^{1/2})^{1/2}\bigr)`,
    unit: "none",
    better: "smaller",
    needs: ["fourStepFeatures", "heldOutFeatures"],
    where: labelled,
    of: ({ fourStepFeatures, heldOutFeatures }) => frechet(fourStepFeatures, heldOutFeatures),
  }),
  precision: defineMetric({
    title: "precision",
    meaning:
      "Precision is the fraction of the samples whose features lie near those of a held-out point: nearer than its third neighbour.",
    formula: String.raw`\mathbb{P}(\exists j: \lVert X - Y_j \rVert \le r_3(Y_j))`,
    unit: "none",
    better: "larger",
    needs: ["sampleFeatures", "heldOutFeatures"],
    where: withNeighbours,
    of: ({ sampleFeatures, heldOutFeatures }) => coverage(sampleFeatures, heldOutFeatures),
  }),
  recall: defineMetric({
    title: "recall",
    meaning: "Recall is the fraction of the held-out points whose features lie near those of a sample.",
    formula: String.raw`\mathbb{P}(\exists j: \lVert Y - X_j \rVert \le r_3(X_j))`,
    unit: "none",
    better: "larger",
    needs: ["sampleFeatures", "heldOutFeatures"],
    where: withNeighbours,
    of: ({ sampleFeatures, heldOutFeatures }) => coverage(heldOutFeatures, sampleFeatures),
  }),
} as const satisfies Readonly<Record<string, Metric>>;

/** Key of a metric in JSON. */
export type MetricName = keyof typeof metrics;

/** Keys of all metrics, in the order of their columns. */
export const metricNames = Object.keys(metrics) as readonly MetricName[];

/** The metric by which samplers are ranked: it is defined for every problem, and between laws it is 0 only for equal ones. */
export const rankingMetric = "energyDistance" satisfies MetricName;

/** The scores of one sampler; a metric that could not be computed is left out. */
export type Scores = { readonly [Name in MetricName]?: number };
