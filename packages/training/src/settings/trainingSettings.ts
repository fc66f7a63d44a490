import { type FlowMapForm, flowMapForms } from "@pushforward/flows";
import { activations } from "@pushforward/nn";
import { allBackends, type BackendName, defaultBackend } from "@pushforward/tensor";
import { z } from "zod";
import { type Naming, parseSettings } from "./parseSettings.ts";
import { oneOf, real, text, whole } from "./schemas.ts";

const labelsError = "must be a list of labels of stop-gradients";

/** Settings of a training, whatever it trains and wherever its data come from, with the limits in which they make sense on one machine. */
export const trainingSettings = {
  steps: whole(1, 10_000_000).default(5000),
  /** Steps of the velocity teacher, for losses that distil one. */
  teacherSteps: whole(1, 10_000_000).default(5000),
  batch: whole(1, 65_536).default(256),
  /** Width of the hidden layers; by default it follows the number of columns. */
  width: whole(1, 4096).optional(),
  depth: whole(1, 16).default(3),
  activation: oneOf(Object.keys(activations) as (keyof typeof activations)[]).default("silu"),
  learningRate: real("above 0, at most 1", (x) => x > 0 && x <= 1).default(4e-3),
  /** Decay of the averaged parameters that are evaluated. */
  ema: real("from 0 to 0.99999", (x) => x >= 0 && x <= 0.99999).default(0.99),
  /** Settings for short trainings of small networks, or those of each paper; the next ones override it one by one. */
  preset: oneOf(["short", "paper"]).default("short"),
  /** What terms regress on: the recipe's own choice, the teacher, or single samples. */
  velocity: oneOf(["recipe", "teacher", "conditional"]).optional(),
  /** Times that terms draw: the recipe's own law, or uniform ones. */
  times: oneOf(["recipe", "uniform"]).optional(),
  /** Share of the batch with t ≠ s, for recipes that mix. */
  offDiagonal: real("above 0, at most 1", (x) => x > 0 && x <= 1).optional(),
  /** Decay of the averaged parameters that targets use. */
  targetEma: real("from 0 to 0.99999", (x) => x >= 0 && x <= 0.99999).optional(),
  /** Power of adaptive weights, for recipes that have them. */
  adaptivePower: real("from 0 to 2", (x) => x >= 0 && x <= 2).optional(),
  /** The student's learning rate over that of the training, where other networks learn along. */
  studentRate: real("above 0, at most 1", (x) => x > 0 && x <= 1).optional(),
  /** Updates of the samples' own velocity before each of the student's, where it learns along. */
  fakeUpdates: whole(1, 100).optional(),
  /** Updates of the critic before each of the student's, where one learns along. */
  criticUpdates: whole(1, 100).optional(),
  /** What the network stands for, where the losses leave that open: the average velocity itself, or what others are made of. */
  form: oneOf(Object.keys(flowMapForms) as FlowMapForm[]).optional(),
  /** Steps over which a warm-up grows, for recipes that have one. */
  warmupSteps: whole(1, 10_000_000).optional(),
  /** Which noise goes with which data: drawn apart, or rectified by the teacher's flow (reflow). */
  pairs: oneOf(["independent", "rectified"]).optional(),
  /** Stop-gradients of the loss that are switched off, by label. */
  withoutStops: z.array(text(labelsError), { error: labelsError }).min(1, { error: labelsError }).optional(),
  /** Whether weights of the times are learnt along, for recipes that have them. */
  learnedWeights: oneOf(["recipe", "off"]).optional(),
  /** The velocity that losses distil: learnt before, or the exact one of a problem that knows it; what starts from a learnt one distils that. */
  teacherVelocity: oneOf(["learnt", "exact"]).optional(),
  seed: whole(0, 2 ** 31 - 1).default(0),
  /** float32 to train, float64 to verify. */
  dtype: oneOf(["float32", "float64"]).default("float32"),
  /** What runs compiled programs; part of the run, since backends round differently. */
  backend: oneOf(Object.keys(allBackends) as BackendName[]).prefault(() => defaultBackend() as BackendName),
};

const schema = z.strictObject(trainingSettings);

/** Settings of a training with their defaults filled in. */
export type TrainingSettings = z.output<typeof schema>;

/**
 * Validates the settings of a training and fills in defaults.
 *
 * @throws DomainError that names the setting, what is allowed and what came
 */
export const parseTrainingSettings = (value: unknown, nameOf?: Naming): TrainingSettings =>
  parseSettings(schema, value, nameOf);
