import { flowMapForms } from "@pushforward/flows";
import { didYouMean, quote } from "@pushforward/tensor";
import { z } from "zod";
import { oneOf, real, text, whole } from "../settings/schemas.ts";

/** An object with these keys and no others. */
const strict = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `has unknown keys: ${unknownKeys(issue.keys as string[], Object.keys(shape))}`
        : `must be an object with the keys ${Object.keys(shape).join(", ")}`,
  });

/** Keys that do not exist, each with the key that may be meant, or with all keys. */
const unknownKeys = (unknown: readonly string[], known: readonly string[]): string =>
  unknown.map((key) => `${quote(key)}${didYouMean(key, known) || `; there are ${known.join(", ")}`}`).join(", ");

const number = real("", Number.isFinite);
const unit = real("from 0 to 1", (x) => x >= 0 && x <= 1);
const positive = real("above 0", (x) => x > 0 && Number.isFinite(x));
const notNegative = real("of at least 0", (x) => x >= 0 && Number.isFinite(x));
const count = whole(1, 1_000_000);

const startLaw = z
  .discriminatedUnion("kind", [
    strict({ kind: z.literal("uniform"), min: unit.optional(), max: unit.optional() }),
    strict({ kind: z.literal("logitNormal"), mean: number, std: notNegative }),
    strict({ kind: z.literal("karras"), min: unit.optional(), max: unit.optional() }),
  ])
  .describe("law of one time in [0, 1]");

const range = { mean: number, std: notNegative };

/** The laws of pairs of times; each allows the extra keys too. */
const pairLaws = (extra: z.core.$ZodLooseShape) =>
  z.discriminatedUnion("kind", [
    strict({ kind: z.literal("uniformTriangle"), ...extra }),
    strict({ kind: z.literal("logitNormalPair"), ...range, ...extra }),
    strict({ kind: z.literal("intervalLogitNormal"), ...range, ...extra }),
    strict({ kind: z.literal("diagonal"), start: startLaw, ...extra }),
    strict({ kind: z.literal("diagonalMix"), fraction: unit, law: z.lazy(() => pairLaw), ...extra }),
    strict({ kind: z.literal("dyadic"), base: whole(2, 2 ** 30), ...extra }),
    strict({ kind: z.literal("fixedEnd"), start: startLaw, end: unit.optional(), ...extra }),
    strict({ kind: z.literal("grid"), steps: count, end: unit.optional(), ...extra }),
    strict({ kind: z.literal("halvingGrid"), steps: count, ...extra }),
    strict({
      kind: z.literal("karrasGrid"),
      levels: whole(2, 1_000_000),
      sigmaMin: positive.optional(),
      sigmaMax: positive.optional(),
      rho: positive.optional(),
      ...extra,
    }),
    strict({ kind: z.literal("square"), ...extra }),
    strict({
      kind: z.literal("starts"),
      starts: z.array(unit).min(1, "must hold at least one time"),
      end: startLaw,
      ...extra,
    }),
  ]);

const pairLaw: z.ZodType = pairLaws({});

const middleLaw = z
  .discriminatedUnion("kind", [
    strict({ kind: z.literal("uniform") }),
    strict({ kind: z.literal("midpoint") }),
    strict({ kind: z.literal("nearStart"), fraction: unit }),
    strict({ kind: z.literal("nearEnd"), fraction: unit }),
  ])
  .describe("law of a time r between s and t");

const timeLaw = pairLaws({
  middle: middleLaw.optional(),
  delta: positive.optional(),
  margin: real("from 0 to below 0.5", (x) => x >= 0 && x < 0.5).optional(),
}).describe("law of the times s and t, and of r and delta for losses that need them");

const weighting = z
  .discriminatedUnion("kind", [
    strict({ kind: z.literal("none") }),
    strict({ kind: z.literal("adaptive"), p: number.optional(), c: positive.optional() }),
    strict({ kind: z.literal("pseudoHuber"), c: positive }),
    strict({ kind: z.literal("learned") }),
    strict({ kind: z.literal("truncatedSnr") }),
    strict({ kind: z.literal("denoising"), sigmaData: positive.optional() }),
  ])
  .describe("how the values of single samples are weighted before they are averaged");

const termSchema = strict({
  loss: text("must be the name of a loss").describe(
    "name of a loss (pushforward losses lists them), or path of a module of your own, from the folder of this file",
  ),
  timeLaw: timeLaw.optional(),
  fraction: unit.describe("fraction of the batch; the fractions of all terms add up to 1").optional(),
  weight: number.describe("factor of the term").optional(),
  weighting: weighting.optional(),
  velocity: oneOf(["conditional", "teacher"]).describe("v of single samples, or of the teacher").optional(),
  tangent: oneOf(["velocity", "own"])
    .describe("velocity along which the loss takes its derivative: its v, or the student's own")
    .optional(),
  start: oneOf(["data", "noise", "student"]).describe("kind of the points X_s").optional(),
  withoutStops: z
    .array(text("must be the label of a stop-gradient"), { error: "must be a list of labels of stop-gradients" })
    .describe("labels of the stop-gradients of the loss that are switched off in this term")
    .optional(),
});

const belowOne = real("from 0 to below 1", (x) => x >= 0 && x < 1);

const warmupOfRate = whole(0, 10_000_000).describe("updates of the linear warm-up").optional();

const schedule = z
  .discriminatedUnion("kind", [
    strict({
      kind: z.literal("cosine"),
      warmup: warmupOfRate,
      final: unit.describe("rate of the last update over the peak").optional(),
    }),
    strict({ kind: z.literal("constant"), warmup: warmupOfRate }),
  ])
  .describe("learning rate over the updates of a stage, after a linear warm-up");

const alternation = {
  updates: whole(1, 1000).describe("updates of this network before each update of the student"),
  rate: positive.describe("its learning rate over the learning rate of the training"),
  timeLaw,
};

/**
 * A recipe as a file: the keys of `Recipe` with names of losses, all but `terms` with the defaults of `recipe`. A file has no
 * `shortOffDiagonal`, because presets do not apply to it.
 */
export const recipeSchema = strict({
  $schema: z.string().describe("JSON schema by which an editor completes this file").optional(),
  name: text("must be a text").optional(),
  terms: z.array(termSchema).min(1, "must hold at least one term"),
  emaDecay: belowOne.describe("decay of the averaged parameters that targets use").optional(),
  solver: oneOf(["euler", "heun"]).nullable().describe("solver of the teacher's flow").optional(),
  solverSteps: count.optional(),
  network: oneOf(["velocity", "averageVelocity"]).optional(),
  form: oneOf(Object.keys(flowMapForms) as (keyof typeof flowMapForms)[]).optional(),
  maxFrequency: positive
    .nullable()
    .describe("largest angular frequency of the times that enter the network")
    .optional(),
  warmup: strict({ steps: whole(1, 10_000_000), max: unit })
    .nullable()
    .optional(),
  stages: whole(1, 1000).optional(),
  balance: oneOf(["none", "gradientNorm"]).optional(),
  rate: positive.describe("learning rate of the student over the learning rate of the training").optional(),
  schedule: schedule.optional(),
  betas: z
    .tuple([belowOne, belowOne], { error: "must be two numbers from 0 to below 1" })
    .describe("β₁ and β₂ of Adam, decays of the mean and of the mean square of gradients")
    .optional(),
  init: oneOf(["zero", "teacher"]).optional(),
  fakeVelocity: strict({ ...alternation, seesStart: z.boolean("must be true or false"), pull: notNegative })
    .nullable()
    .optional(),
  critic: strict(alternation).nullable().optional(),
  pairs: oneOf(["independent", "rectified"]).optional(),
  paper: strict({ cite: text("must be a text"), arxiv: text("must be a text") })
    .nullable()
    .optional(),
});

/** JSON schema of a recipe's file, by which editors complete and check it. */
export const recipeJsonSchema = (): object => z.toJSONSchema(recipeSchema);
