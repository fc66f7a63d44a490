import { activations } from "@pushforward/nn";
import { allBackends, type BackendName, defaultBackend } from "@pushforward/tensor";
import * as z from "zod/mini";
import { withFollowing } from "./describeSetting.ts";
import { type Naming, parseSettings } from "./parseSettings.ts";
import { type PresetName, presets } from "./presets.ts";
import { recipeSettings } from "./recipeSettings.ts";
import { oneOf, real, text, whole } from "./schemas.ts";
import { defineSetting, type Setting, schemasOf } from "./setting.ts";

/** Names of the families of networks; networks.ts makes them. */
const networkNames = ["mlp", "dit", "unet"] as const;

const labelsError = "must be a list of labels of stop-gradients";

/**
 * The steps of a teacher beside the steps of a loss: as many for each step of the loss as by default, and never more than by default.
 *
 * @param most  default steps of the teacher
 * @param steps default steps of the loss
 */
export const inProportion =
  (most: number, steps: number): Setting["follows"] =>
  (given) =>
    typeof given.steps === "number" && given.steps < steps ? Math.ceil((given.steps * most) / steps) : undefined;

/** Settings of a training, of any loss on any data, with the limits in which they make sense on one machine. */
export const trainingSettings = {
  steps: defineSetting({
    group: "Training",
    schema: z._default(whole(1, 10_000_000), 5000),
    argument: "<n>",
    text: "optimiser steps of each loss",
  }),
  batch: defineSetting({
    group: "Training",
    schema: z._default(whole(1, 65_536), 256),
    argument: "<n>",
    text: "samples per step",
  }),
  learningRate: defineSetting({
    group: "Training",
    schema: z._default(
      real("above 0, at most 1", (x) => x > 0 && x <= 1),
      4e-3,
    ),
    argument: "<rate>",
    text: "peak learning rate of Adam",
    mayDiffer: true,
  }),
  clipNorm: defineSetting({
    group: "Training",
    schema: z._default(
      real("above 0", (x) => x > 0),
      10,
    ),
    argument: "<norm>",
    text: "largest norm of a gradient; a longer gradient is shortened to it",
    mayDiffer: true,
  }),
  ema: defineSetting({
    group: "Training",
    schema: z._default(
      real("from 0 to 0.99999", (x) => x >= 0 && x <= 0.99999),
      0.99,
    ),
    argument: "<decay>",
    text: "decay of the averaged parameters that are judged and sampled",
    mayDiffer: true,
  }),
  seed: defineSetting({
    group: "Training",
    schema: z._default(whole(0, 2 ** 31 - 1), 0),
    argument: "<n>",
    text: "seed of all randomness",
  }),
  dtype: defineSetting({
    group: "Training",
    schema: z._default(oneOf(["float32", "float64"]), "float32"),
    argument: "<type>",
    text: "type of all numbers; float64 is for verification",
  }),
  backend: defineSetting({
    group: "Training",
    schema: z.prefault(oneOf(Object.keys(allBackends) as BackendName[]), () => defaultBackend() as BackendName),
    argument: "<name>",
    text: "what runs compiled programs; backends round differently, so a run keeps its backend",
  }),
  network: defineSetting({
    group: "Network",
    schema: z._default(oneOf(networkNames), "mlp"),
    argument: "<name>",
    text: "perceptron, or for pictures a diffusion transformer or a U-Net",
  }),
  width: defineSetting({
    group: "Network",
    schema: z.optional(whole(1, 4096)),
    argument: "<n>",
    text: "width of the hidden layers, without it 4 per column, from 64 to 256; features of a transformer's tokens, without it 64; channels of a U-Net's first level, without it 16",
  }),
  depth: defineSetting({
    group: "Network",
    schema: z._default(whole(1, 16), 3),
    argument: "<n>",
    text: "number of hidden layers, of a transformer's blocks, of a U-Net's levels",
  }),
  patch: defineSetting({
    group: "Network",
    schema: z.optional(whole(1, 256)),
    argument: "<n>",
    text: "side of a transformer's patches in pixels; without it the smallest one with at most 49 patches",
  }),
  heads: defineSetting({
    group: "Network",
    schema: z._default(whole(1, 64), 4),
    argument: "<n>",
    text: "heads of a transformer's attention",
  }),
  checkpointBlocks: defineSetting({
    group: "Network",
    schema: z._default(z.boolean({ error: "must be true or false" }), false),
    argument: "",
    text: "computes each block of a transformer or a U-Net again in the gradient, for less memory and longer steps",
  }),
  activation: defineSetting({
    group: "Network",
    schema: z._default(oneOf(Object.keys(activations) as (keyof typeof activations)[]), "silu"),
    argument: "<name>",
    text: "activation function of the hidden layers",
  }),
  teacherSteps: defineSetting({
    group: "Teacher",
    schema: z._default(whole(1, 10_000_000), 5000),
    argument: "<n>",
    text: "optimiser steps of the velocity teacher, for losses that distil one; fewer in proportion where --steps is below its default",
    follows: inProportion(5000, 5000),
  }),
  teacherVelocity: defineSetting({
    group: "Teacher",
    schema: z.optional(oneOf(["learnt", "exact"])),
    argument: "<kind>",
    text: "velocity that losses distil: a learnt one (without this option), or the exact one where the problem knows it. A student initialised from a learnt teacher distils that teacher in any case",
  }),
  preset: defineSetting({
    group: "Recipe",
    schema: z._default(oneOf(Object.keys(presets) as PresetName[]), "short"),
    argument: "<name>",
    text: "settings of the recipe for short trainings of small networks, or those of each paper; the other settings of this group override them one by one",
    mayDiffer: true,
  }),
  ...recipeSettings,
  withoutStops: defineSetting({
    group: "Recipe",
    schema: z.optional(
      z.array(text(labelsError), { error: labelsError }).check(z.minLength(1, { error: labelsError })),
    ),
    argument: "<labels>",
    text: "stop-gradients of the loss to switch off, by label, separated by commas",
  }),
  dropLabels: defineSetting({
    group: "Training",
    schema: z._default(
      real("from 0 to 1", (x) => x >= 0 && x <= 1),
      0.1,
    ),
    argument: "<fraction>",
    text: "fraction of the samples that lose their label in each step, where points have labels: guidance needs a network that knows both",
  }),
  debugNans: defineSetting({
    group: "Run",
    schema: z._default(z.boolean({ error: "must be true or false" }), false),
    argument: "",
    text: "tells the operation, the row and its times that made the first number that is not finite, where a loss stops being finite",
    mayChange: true,
  }),
};

const schema = z.strictObject(schemasOf(trainingSettings));

/** Settings of a training with their defaults filled in. */
export type TrainingSettings = z.output<typeof schema>;

/**
 * Validates the settings of a training and fills in defaults.
 *
 * @throws DomainError that names the setting, what is allowed and what came
 */
export const parseTrainingSettings = (value: unknown, nameOf?: Naming): TrainingSettings =>
  parseSettings(schema, withFollowing(trainingSettings, value), nameOf);
