import { div, flatten, maximum, sqrt, type Tensor } from "@pushforward/tensor";
import type { Trainer } from "../trainer/trainer.ts";
import { mostRows } from "./batches.ts";
import { cosine, length, meanOf, squaredBias, squaredLength, variance } from "./batchGradients.ts";
import { asTrained, estimatorsOf, keptStops } from "./estimators.ts";
import { exactFlowOf } from "./exactFlowOf.ts";
import { type Figure, figure, type Series } from "./figure.ts";
import type { Observed } from "./observed.ts";

const hasStops = (trainer: Trainer): boolean => keptStops(trainer).length > 0;

/** Whether the exact average velocity can be a target. */
export const knowsTarget = (trainer: Trainer): boolean =>
  exactFlowOf(trainer) !== undefined &&
  trainer.recipe.balance === "none" &&
  trainer.recipe.terms.every(({ loss, start }) => start !== "student" && loss.learns !== "generator");

/** A number for every label of a stop-gradient that the training keeps. */
const byStop = ({ trainer }: Observed, of: (label: string) => Tensor): Series =>
  Object.fromEntries(keptStops(trainer).map((label) => [label, of(label)]));

/** A number for every estimator of the gradient. */
const byEstimator = ({ trainer }: Observed, of: (name: string) => Tensor): Series =>
  Object.fromEntries(estimatorsOf(trainer).map(({ name }) => [name, of(name)]));

/** Names of the leaves of the student's parameters. */
const leafNames = ({ state }: Observed): readonly string[] => flatten(state.params, "observatory").paths;

/** Lengths, angles, bias and noise of gradients. */
export const gradientFigures = {
  gradientNorms: figure({
    title: "Length of the gradient, by layer",
    kind: "lines",
    axis: "log",
    meaning: "‖∇‖ of the loss as it is trained: of all parameters, and of each leaf of the network's tree.",
    applies: () => true,
    measure(observed) {
      const gradient = observed.batches().gradients[asTrained];
      const leaves = leafNames(observed).map((name, i) => [name, length([gradient[i]])] as const);
      return { all: length(gradient), ...Object.fromEntries(leaves) };
    },
  }),
  stopCosine: figure({
    title: "Direction of the gradient with a stop-gradient against without it",
    kind: "lines",
    axis: "cosine",
    meaning: "Cosine of the angle between ∇ as it is trained and ∇ with the stop-gradients of one label switched off.",
    applies: hasStops,
    measure(observed) {
      const { gradients } = observed.batches();
      return byStop(observed, (label) => cosine(gradients[asTrained], gradients[`without ${label}`]));
    },
  }),
  stopLength: figure({
    title: "Length of the gradient without a stop-gradient over the length with it",
    kind: "lines",
    axis: "log",
    meaning: "‖∇ with the stop-gradients of one label off‖ / ‖∇ as it is trained‖.",
    applies: hasStops,
    measure(observed) {
      const { gradients } = observed.batches();
      const written = squaredLength(gradients[asTrained]);
      return byStop(observed, (label) => sqrt(div(squaredLength(gradients[`without ${label}`]), written)));
    },
  }),
  blockedCotangents: figure({
    title: "Cotangent that a stop-gradient blocks",
    kind: "lines",
    axis: "log",
    meaning: "‖cotangent‖ at the stop-gradients of one label: with the label off, it would flow on into the network.",
    applies: hasStops,
    measure(observed) {
      const { blocked } = observed.batches();
      return byStop(observed, (label) => sqrt(blocked[label]));
    },
  }),
  trueCosine: figure({
    title: "Direction of the gradient against the gradient of the true error",
    kind: "lines",
    axis: "cosine",
    meaning:
      "Cosine of the angle between the gradient of one batch and the gradient that the recipe would have with the exact average velocity U as its target: 1 is the best step.",
    applies: knowsTarget,
    measure(observed) {
      const { gradients, exact } = observed.batches();
      const truth = meanOf(exact!);
      return byEstimator(observed, (name) => cosine(gradients[name], truth));
    },
  }),
  gradientBias: figure({
    title: "Bias of the gradient",
    kind: "lines",
    axis: "log",
    meaning: "‖E∇ − ∇*‖ / ‖∇*‖, ∇* the gradient of the true error. Noise of the batches is subtracted; 0 leaves a gap.",
    applies: knowsTarget,
    measure(observed) {
      const { gradients, exact } = observed.batches();
      const size = squaredLength(meanOf(exact!));
      return byEstimator(observed, (name) => sqrt(div(maximum(squaredBias(gradients[name], exact!), 0), size)));
    },
  }),
  gradientNoise: figure({
    title: "Noise of the gradient",
    kind: "lines",
    axis: "log",
    meaning: `√(tr Cov ∇) / ‖∇*‖ of batches of at most ${mostRows} rows, ∇* the gradient of the true error.`,
    applies: knowsTarget,
    measure(observed) {
      const { gradients, exact } = observed.batches();
      const size = squaredLength(meanOf(exact!));
      return byEstimator(observed, (name) => sqrt(div(variance(gradients[name]), size)));
    },
  }),
} as const satisfies Readonly<Record<string, Figure>>;
