import { flowMapForms } from "@pushforward/flows";
import { didYouMean, quote } from "@pushforward/tensor";
import * as z from "zod/mini";
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
const belowOne = real("from 0 to below 1", (x) => x >= 0 && x < 1);

const startLaw: z.ZodMiniType = z
  .discriminatedUnion("kind", [
    strict({ kind: z.literal("uniform"), min: z.optional(unit), max: z.optional(unit) }),
    strict({ kind: z.literal("logitNormal"), mean: number, std: notNegative }),
    strict({ kind: z.literal("arctan"), mean: number, std: notNegative }),
    strict({ kind: z.literal("karras"), min: z.optional(unit), max: z.optional(unit) }),
    strict({ kind: z.literal("shifted"), shift: positive }),
    strict({ kind: z.literal("uShaped"), rate: positive }),
    strict({ kind: z.literal("grid"), steps: count }),
    strict({
      kind: z.literal("ddpm"),
      from: z.optional(whole(0, 999)),
      to: z.optional(whole(1, 1000)),
      anneal: z.optional(strict({ after: count, to: whole(1, 1000) })),
    }),
    strict({
      kind: z.literal("mixture"),
      parts: z
        .array(strict({ fraction: unit, law: z.lazy(() => startLaw) }))
        .check(z.minLength(1, "must hold at least one part")),
    }),
  ])
  .check(z.describe("law of one time in [0, 1]"));

const range = { mean: number, std: notNegative };

/** The laws of pairs of times; each allows the extra keys too. */
const pairLaws = (extra: z.core.$ZodLooseShape) =>
  z.discriminatedUnion("kind", [
    strict({ kind: z.literal("uniformTriangle"), ...extra }),
    strict({ kind: z.literal("logitNormalPair"), ...range, ...extra }),
    strict({
      kind: z.literal("intervalLogitNormal"),
      ...range,
      end: z.optional(strict({ ...range, std: positive })),
      ...extra,
    }),
    strict({ kind: z.literal("logitNormalAfter"), ...range, least: z.optional(belowOne), ...extra }),
    strict({
      kind: z.literal("intervalFrom"),
      start: startLaw,
      ...range,
      toEnd: z.optional(strict({ before: unit, after: unit })),
      ...extra,
    }),
    strict({
      kind: z.literal("length"),
      steps: z.optional(count),
      onGrid: z.optional(z.boolean("must be true or false")),
      order: z.optional(oneOf(["sorted", "either"])),
      ...extra,
    }),
    strict({ kind: z.literal("diagonal"), start: startLaw, ...extra }),
    strict({ kind: z.literal("diagonalMix"), fraction: unit, law: z.lazy(() => pairLaw), ...extra }),
    strict({ kind: z.literal("dyadic"), base: whole(2, 2 ** 30), ...extra }),
    strict({ kind: z.literal("fixedEnd"), start: startLaw, end: z.optional(unit), ...extra }),
    strict({ kind: z.literal("grid"), steps: count, end: z.optional(unit), ...extra }),
    strict({ kind: z.literal("halvingGrid"), steps: count, ...extra }),
    strict({
      kind: z.literal("karrasGrid"),
      levels: whole(2, 1_000_000),
      sigmaMin: z.optional(positive),
      sigmaMax: z.optional(positive),
      rho: z.optional(positive),
      ...extra,
    }),
    strict({ kind: z.literal("progressiveKarras"), from: count, to: count, ...extra }),
    strict({ kind: z.literal("doublingKarras"), from: count, to: count, ...range, std: positive, ...extra }),
    strict({
      kind: z.literal("noiseRatio"),
      start: startLaw,
      base: real("above 1", (x) => x > 1 && Number.isFinite(x)),
      stages: count,
      k: number,
      b: number,
      ...extra,
    }),
    strict({ kind: z.literal("karrasJumps"), levels: whole(2, 1_000_000), ...extra }),
    strict({ kind: z.literal("square"), ...extra }),
    strict({ kind: z.literal("simulated"), steps: whole(1, 1000), start: startLaw, end: startLaw, ...extra }),
    strict({
      kind: z.literal("starts"),
      starts: z.array(unit).check(z.minLength(1, "must hold at least one time")),
      end: startLaw,
      ...extra,
    }),
  ]);

const pairLaw: z.ZodMiniType = pairLaws({});

/** A number in [0, 1], or its course in a training. */
const scheduled = z
  .union([
    unit,
    z.discriminatedUnion("kind", [
      strict({ kind: z.literal("exponential"), from: unit, to: unit }),
      strict({ kind: z.literal("sigmoid"), from: unit, to: unit, gamma: number, snap: z.optional(unit) }),
    ]),
  ])
  .check(z.describe("a fraction, or its course in a training"));

const middleLaw = z
  .discriminatedUnion("kind", [
    strict({ kind: z.literal("uniform") }),
    strict({ kind: z.literal("midpoint") }),
    strict({ kind: z.literal("nearStart"), fraction: scheduled }),
    strict({ kind: z.literal("nearEnd"), fraction: scheduled }),
    strict({ kind: z.literal("noiseDecrement"), decrement: positive }),
  ])
  .check(z.describe("law of a time r between s and t"));

const timeLaw = pairLaws({
  middle: z.optional(middleLaw),
  delta: z.optional(positive),
  margin: z.optional(real("from 0 to below 0.5", (x) => x >= 0 && x < 0.5)),
}).check(z.describe("law of the times s and t, and of r and delta for losses that need them"));

const weighting = z
  .discriminatedUnion("kind", [
    strict({ kind: z.literal("none") }),
    strict({ kind: z.literal("adaptive"), p: z.optional(number), c: z.optional(positive) }),
    strict({ kind: z.literal("pseudoHuber"), c: positive }),
    strict({ kind: z.literal("learned") }),
    strict({ kind: z.literal("truncatedSnr") }),
    strict({ kind: z.literal("denoising"), sigmaData: z.optional(positive) }),
    strict({ kind: z.literal("trigFlow"), sigmaData: z.optional(positive) }),
  ])
  .check(z.describe("how the values of single samples are weighted before they are averaged"));

const termSchema = strict({
  loss: text("must be the name of a loss").check(
    z.describe(
      "name of a loss (pushforward losses lists them), or path of a module of your own, from the folder of this file",
    ),
  ),
  timeLaw: z.optional(timeLaw),
  fraction: z.optional(unit.check(z.describe("fraction of the batch; the fractions of all terms add up to 1"))),
  weight: z.optional(number.check(z.describe("factor of the term"))),
  weighting: z.optional(weighting),
  velocity: z.optional(oneOf(["conditional", "teacher"]).check(z.describe("v of single samples, or of the teacher"))),
  tangent: z.optional(
    oneOf(["velocity", "own"]).check(
      z.describe("velocity along which the loss takes its derivative: its v, or the student's own"),
    ),
  ),
  start: z.optional(oneOf(["data", "noise", "student", "trajectory"]).check(z.describe("kind of the points X_s"))),
  withoutStops: z.optional(
    z
      .array(text("must be the label of a stop-gradient"), { error: "must be a list of labels of stop-gradients" })
      .check(z.describe("labels of the stop-gradients of the loss that are switched off in this term")),
  ),
  afterWarmup: z.optional(
    z.boolean("must be true or false").check(z.describe("whether the term counts once the warm-up is over")),
  ),
  group: z.optional(
    count.check(z.describe("consecutive samples at the same times, for losses that compare samples with each other")),
  ),
});

const warmupOfRate = z.optional(whole(0, 10_000_000).check(z.describe("updates of the linear warm-up")));

const schedule = z
  .discriminatedUnion("kind", [
    strict({
      kind: z.literal("cosine"),
      warmup: warmupOfRate,
      final: z.optional(unit.check(z.describe("rate of the last update over the peak"))),
    }),
    strict({ kind: z.literal("constant"), warmup: warmupOfRate }),
  ])
  .check(z.describe("learning rate over the updates of a stage, after a linear warm-up"));

const alternation = {
  updates: whole(1, 1000).check(z.describe("updates of this network before each update of the student")),
  rate: positive.check(z.describe("its learning rate over the learning rate of the training")),
  timeLaw,
};

/**
 * A recipe as a file: the keys of `Recipe` with names of losses, all but `terms` with the defaults of `recipe`. A file has no
 * `short`, because presets do not apply to it.
 */
export const recipeSchema = strict({
  $schema: z.optional(z.string().check(z.describe("JSON schema by which an editor completes this file"))),
  name: z.optional(text("must be a text")),
  terms: z.array(termSchema).check(z.minLength(1, "must hold at least one term")),
  emaDecay: z.optional(belowOne.check(z.describe("decay of the averaged parameters that targets use"))),
  solver: z.optional(z.nullable(oneOf(["euler", "heun"])).check(z.describe("solver of the teacher's flow"))),
  solverSteps: z.optional(count),
  network: z.optional(oneOf(["velocity", "averageVelocity"])),
  form: z.optional(oneOf(Object.keys(flowMapForms) as (keyof typeof flowMapForms)[])),
  maxFrequency: z.optional(
    z.nullable(positive).check(z.describe("largest angular frequency of the times that enter the network")),
  ),
  warmup: z.optional(z.nullable(strict({ steps: whole(1, 10_000_000), max: unit }))),
  stages: z.optional(whole(1, 1000)),
  balance: z.optional(oneOf(["none", "gradientNorm", "errorLength"])),
  rate: z.optional(positive.check(z.describe("learning rate of the student over the learning rate of the training"))),
  schedule: z.optional(schedule),
  betas: z.optional(
    z
      .tuple([belowOne, belowOne], { error: "must be two numbers from 0 to below 1" })
      .check(z.describe("β₁ and β₂ of Adam, decays of the mean and of the mean square of gradients")),
  ),
  init: z.optional(oneOf(["zero", "teacher"])),
  fakeVelocity: z.optional(
    z.nullable(
      strict({
        ...alternation,
        seesStart: z.boolean("must be true or false"),
        pull: notNegative,
        weighting: z.optional(weighting),
      }),
    ),
  ),
  critic: z.optional(
    z.nullable(
      strict({
        ...alternation,
        compares: z.optional(
          oneOf(["samples", "velocities"]).check(
            z.describe(
              "what the critic tells apart: noised data and samples, or velocities by its derivative along them",
            ),
          ),
        ),
      }),
    ),
  ),
  pairs: z.optional(oneOf(["independent", "rectified"])),
  ratio: z.optional(
    oneOf(["paper", "binned", "released"]).check(
      z.describe(
        "the ratio of densities: of the critic, over its mean at similar times, or that of Uni-Instruct's code",
      ),
    ),
  ),
  emaHalfLife: z.optional(
    z
      .nullable(positive)
      .check(z.describe("samples after which a parameter has half of its weight in the judged average")),
  ),
  emaSchedule: z.optional(oneOf(["constant", "adaptive"])),
  frozen: z.optional(notNegative.check(z.describe("samples for which the student waits for its auxiliary networks"))),
  sigmaData: z.optional(positive.check(z.describe("σ_d of TrigFlow, the standard deviation of the data"))),
  clip: z.optional(z.nullable(positive)),
  guidance: z.optional(
    z
      .nullable(
        strict({
          ...{ scale: notNegative, mix: belowOne, from: unit, to: unit },
          max: z.optional(
            real("above 1", (x) => x > 1 && Number.isFinite(x)).check(
              z.describe("largest scale that the network takes as an input, drawn for each sample from 1 up"),
            ),
          ),
          power: z.optional(
            number.check(z.describe("power of the law of these scales, whose density falls as scale^(-power)")),
          ),
        }),
      )
      .check(z.describe("guidance of the teacher and of guided students by labels, at times from `from` to `to`")),
  ),
  departs: z.optional(
    z
      .array(text("must be a sentence"), { error: "must be a list of sentences" })
      .check(z.describe("where the recipe is not what its source says")),
  ),
  paper: z.optional(z.nullable(strict({ cite: text("must be a text"), arxiv: text("must be a text") }))),
});

/** JSON schema of a recipe's file, by which editors complete and check it. */
export const recipeJsonSchema = (): object => z.toJSONSchema(recipeSchema);
