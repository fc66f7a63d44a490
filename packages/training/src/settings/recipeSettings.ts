import { type FlowMapForm, flowMapForms } from "@pushforward/flows";
import type { Guidance, Recipe, StartLaw, Term, TimeLaw } from "@pushforward/losses";
import { DomainError } from "@pushforward/tensor";
import * as z from "zod/mini";
import { alternates, decidedForm } from "../trainer/recipeTraits.ts";
import { oneOf, real, whole } from "./schemas.ts";
import type { Setting } from "./setting.ts";

/** A recipe with each of its terms changed. */
const withTerms = (recipe: Recipe, change: (term: Term) => Term): Recipe => ({
  ...recipe,
  terms: recipe.terms.map(change),
});

/** A term that regresses on another velocity, where its loss leaves that open. */
function withVelocity(term: Term, velocity: Term["velocity"]): Term {
  const { conditionalVelocity, needs } = term.loss;
  const isFixed = conditionalVelocity === "unused" || (velocity === "conditional" && needs.includes("teacher"));
  return isFixed ? term : { ...term, velocity };
}

/**
 * A recipe whose derivatives are taken along another velocity.
 *
 * @throws DomainError if no loss of the recipe takes a derivative along v
 */
function withTangent(recipe: Recipe, tangent: Term["tangent"]): Recipe {
  if (tangent === "own" && !recipe.terms.some(({ loss }) => loss.along)) {
    throw new DomainError(
      `recipe: tangent own must be left out for ${recipe.name}, since its losses take no derivative along v; meanFlow and the other losses with along in their definition do`,
    );
  }
  return withTerms(recipe, (term) => (term.loss.along ? { ...term, tangent } : term));
}

/** A law of times with uniform ones in the place of those that it draws. */
function uniformTimes(law: TimeLaw): TimeLaw {
  if (law.kind === "diagonalMix") return { ...law, law: uniformTimes(law.law) };
  if (law.kind === "fixedEnd" || law.kind === "diagonal" || law.kind === "noiseRatio")
    return { ...law, start: { kind: "uniform" } };
  if (law.kind === "starts") return { ...law, end: evenSteps(law.end) };
  if (law.kind === "simulated") return { ...law, start: { kind: "uniform" }, end: { kind: "uniform" } };
  if (law.kind === "karrasGrid") return { kind: "grid", steps: law.levels, end: 1 };
  if (law.kind === "progressiveKarras" || law.kind === "doublingKarras")
    return { kind: "grid", steps: usualSteps, end: 1 };
  const others = { ...(law.middle && { middle: law.middle }), ...(law.delta && { delta: law.delta }) };
  if (law.kind === "karrasJumps") return { kind: "uniformTriangle", middle: { kind: "uniform" } };
  if (law.kind === "length") return { kind: law.order === "either" ? "square" : "uniformTriangle", ...others };
  const pairs = ["logitNormalPair", "dyadic", "intervalLogitNormal", "logitNormalAfter", "intervalFrom"];
  return pairs.includes(law.kind) ? { kind: "uniformTriangle", ...others } : law;
}

/** Steps of the even grid in the place of one whose number of levels grows. */
const usualSteps = 40;

/** A uniform time in the place of a uniform step of Stable Diffusion's thousand. */
function evenSteps(law: StartLaw): StartLaw {
  if (law.kind !== "ddpm") return law;
  const { from = 0, to = 1000 } = law;
  return { kind: "uniform", min: (1001 - to) / 1000, max: (1000 - from) / 1000 };
}

/** A recipe with another part of its batch at t ≠ s: the rows of a term that mixes, or the second term beside one on the diagonal. */
function withOffDiagonal(recipe: Recipe, fraction: number): Recipe {
  const { terms } = recipe;
  const isPair = terms.length === 2 && terms[0].timeLaw.kind === "diagonal";
  const fractions = isPair ? [1 - fraction, fraction] : terms.map((term) => term.fraction);
  return {
    ...recipe,
    terms: terms.map((term, i) => {
      const { timeLaw } = term;
      const mixed = timeLaw.kind === "diagonalMix" ? { ...timeLaw, fraction: 1 - fraction } : timeLaw;
      return { ...term, fraction: fractions[i], timeLaw: mixed };
    }),
  };
}

/** A recipe with a part of its guidance changed; without one it has the scale 1, which is no guidance. */
const withGuidance = (recipe: Recipe, part: Partial<Guidance>): Recipe => ({
  ...recipe,
  guidance: { scale: 1, mix: 0, from: 0, to: 1, ...recipe.guidance, ...part },
});

/** A setting that overrides a part of a recipe. */
export interface RecipeSetting<Schema extends z.ZodMiniType = z.ZodMiniType> extends Setting<Schema> {
  /** The recipe with this setting's value in the place of its own. */
  overrides(recipe: Recipe, value: NonNullable<z.output<Schema>>): Recipe;
}

const defineRecipeSetting = <Schema extends z.ZodMiniType>(
  row: Omit<RecipeSetting<Schema>, "group" | "mayDiffer">,
): RecipeSetting<Schema> => ({ group: "Recipe", mayDiffer: true, ...row });

/**
 * Settings that depart from a paper's recipe. They are applied from first to last; an absent setting leaves the recipe's own value.
 *
 * `pairs` comes before `velocity`: the straightened flow of rectified pairs is not the teacher's, so its velocity is that of the pairs.
 */
export const recipeSettings = {
  pairs: defineRecipeSetting({
    schema: z.optional(oneOf(["independent", "rectified"])),
    argument: "<kind>",
    text: "noise and data drawn independently, Distill({X_t}), or rectified pairs: each noise with the point where the teacher's flow takes it, Distill({Z_t}) (reflow)",
    overrides: (recipe, pairs) =>
      pairs === "independent" ? recipe : { ...withTerms(recipe, (term) => withVelocity(term, "conditional")), pairs },
  }),
  velocity: defineRecipeSetting({
    schema: z.optional(oneOf(["recipe", "teacher", "conditional"])),
    argument: "<choice>",
    text: "regression target of the terms: the recipe's own, the teacher's velocity, or that of single samples",
    overrides: (recipe, velocity) =>
      velocity === "recipe" || recipe.pairs === "rectified"
        ? recipe
        : withTerms(recipe, (term) => withVelocity(term, velocity)),
  }),
  tangent: defineRecipeSetting({
    schema: z.optional(oneOf(["velocity", "own"])),
    argument: "<choice>",
    text: "velocity along which losses take their derivative, for losses with v in a tangent: that v, or the student's own, u(x, s, s)",
    overrides: withTangent,
  }),
  times: defineRecipeSetting({
    schema: z.optional(oneOf(["recipe", "uniform"])),
    argument: "<law>",
    text: "times that the terms draw: by the recipe's own law, or uniform",
    overrides: (recipe, times) =>
      times === "recipe" ? recipe : withTerms(recipe, (term) => ({ ...term, timeLaw: uniformTimes(term.timeLaw) })),
  }),
  offDiagonal: defineRecipeSetting({
    schema: z.optional(real("above 0, at most 1", (x) => x > 0 && x <= 1)),
    argument: "<fraction>",
    text: "fraction of the batch with t ≠ s, for recipes that mix",
    overrides: withOffDiagonal,
  }),
  group: defineRecipeSetting({
    schema: z.optional(whole(1, 1_000_000)),
    argument: "<samples>",
    text: "samples of a group at the same times, for recipes whose losses compare samples with each other",
    overrides: (recipe, group) => withTerms(recipe, (term) => (term.loss.group > 1 ? { ...term, group } : term)),
  }),
  targetEma: defineRecipeSetting({
    schema: z.optional(real("from 0 to 0.99999", (x) => x >= 0 && x <= 0.99999)),
    argument: "<decay>",
    text: "decay of the averaged parameters that targets use",
    overrides: (recipe, emaDecay) => ({ ...recipe, emaDecay, emaSchedule: "constant" }),
  }),
  adaptivePower: defineRecipeSetting({
    schema: z.optional(real("from 0 to 2", (x) => x >= 0 && x <= 2)),
    argument: "<p>",
    text: "power of adaptive weights, for recipes that have them: 0 is no weighting, 1 nearly normalises every error",
    overrides: (recipe, p) =>
      withTerms(recipe, (term) =>
        term.weighting.kind === "adaptive" ? { ...term, weighting: { ...term.weighting, p } } : term,
      ),
  }),
  learnedWeights: defineRecipeSetting({
    schema: z.optional(oneOf(["recipe", "off"])),
    argument: "<choice>",
    text: "learned weights of the times, for recipes that have them",
    overrides: (recipe, choice) =>
      choice === "recipe"
        ? recipe
        : withTerms(recipe, (term) =>
            term.weighting.kind === "learned" ? { ...term, weighting: { kind: "none" } } : term,
          ),
  }),
  optimizer: defineRecipeSetting({
    schema: z.optional(oneOf(["recipe", "usual"])),
    argument: "<choice>",
    text: "β₁ and β₂ of Adam, half-life of the judged average and the first samples without updates of the student: the recipe's own, or 0.9 and 0.999, --ema and none",
    overrides: (recipe, choice) =>
      choice === "recipe" ? recipe : { ...recipe, betas: [0.9, 0.999], emaHalfLife: null, frozen: 0 },
  }),
  init: defineRecipeSetting({
    schema: z.optional(oneOf(["zero", "teacher"])),
    argument: "<student>",
    text: "initial student: with velocity 0, or equal to the teacher, which it then distils",
    overrides: (recipe, init) => ({ ...recipe, init }),
  }),
  sigmaData: defineRecipeSetting({
    schema: z.optional(real("above 0, at most 1000", (x) => x > 0 && x <= 1000)),
    argument: "<deviation>",
    text: "σ_d of TrigFlow, the standard deviation of the data, for recipes of sCM",
    overrides: (recipe, sigmaData) => ({ ...recipe, sigmaData }),
  }),
  ratio: defineRecipeSetting({
    schema: z.optional(oneOf(["paper", "binned", "released"])),
    argument: "<kind>",
    text: "ratio of densities, for recipes whose losses have one: of the critic, over its mean at similar times, or the number of Uni-Instruct's released code",
    overrides: (recipe, ratio) => (recipe.critic ? { ...recipe, ratio } : recipe),
  }),
  studentRate: defineRecipeSetting({
    schema: z.optional(real("above 0, at most 1", (x) => x > 0 && x <= 1)),
    argument: "<fraction>",
    text: "student's learning rate as a fraction of that of the training, for recipes with auxiliary networks",
    overrides: (recipe, rate) => (alternates(recipe) ? { ...recipe, rate } : recipe),
  }),
  fakeUpdates: defineRecipeSetting({
    schema: z.optional(whole(1, 100)),
    argument: "<n>",
    text: "updates of the velocity of the student's samples before each update of the student, for recipes that learn it",
    overrides: (recipe, updates) => ({
      ...recipe,
      fakeVelocity: recipe.fakeVelocity && { ...recipe.fakeVelocity, updates },
    }),
  }),
  criticUpdates: defineRecipeSetting({
    schema: z.optional(whole(1, 100)),
    argument: "<n>",
    text: "updates of the critic before each update of the student, for recipes that learn one",
    overrides: (recipe, updates) => ({ ...recipe, critic: recipe.critic && { ...recipe.critic, updates } }),
  }),
  form: defineRecipeSetting({
    schema: z.optional(oneOf(Object.keys(flowMapForms) as FlowMapForm[])),
    argument: "<name>",
    text: "what the network stands for, where the losses leave that open: the average velocity, or the network in one of the other forms",
    overrides: (recipe, form) => (decidedForm(recipe) === undefined ? { ...recipe, form } : recipe),
  }),
  guidance: defineRecipeSetting({
    schema: z.optional(real("from 0 to 100", (x) => x >= 0 && x <= 100)),
    argument: "<scale>",
    text: "scale of the guidance by labels, of the teacher and of students that a loss trains to be guided; 1 is none",
    overrides: (recipe, scale) => withGuidance(recipe, { scale }),
  }),
  guidanceMix: defineRecipeSetting({
    schema: z.optional(real("from 0 to below 1", (x) => x >= 0 && x < 1)),
    argument: "<kappa>",
    text: "part κ of a guided velocity that the student gives itself, for losses that train a guided student",
    overrides: (recipe, mix) => withGuidance(recipe, { mix }),
  }),
  guidanceFrom: defineRecipeSetting({
    schema: z.optional(real("from 0 to 1", (x) => x >= 0 && x <= 1)),
    argument: "<time>",
    text: "least time at which velocities are guided",
    overrides: (recipe, from) => withGuidance(recipe, { from }),
  }),
  guidanceTo: defineRecipeSetting({
    schema: z.optional(real("from 0 to 1", (x) => x >= 0 && x <= 1)),
    argument: "<time>",
    text: "largest time at which velocities are guided",
    overrides: (recipe, to) => withGuidance(recipe, { to }),
  }),
  guidanceMax: defineRecipeSetting({
    schema: z.optional(real("above 1, at most 100", (x) => x > 1 && x <= 100)),
    argument: "<scale>",
    text: "largest scale that networks take as an input: each sample of a training draws a scale from 1 to this one, and --guidance, here of the report, chooses one when sampling",
    overrides: (recipe, max) => withGuidance(recipe, { max }),
  }),
  guidancePower: defineRecipeSetting({
    schema: z.optional(real("from -10 to 10", (x) => Math.abs(x) <= 10)),
    argument: "<p>",
    text: "power of the law of scales that networks take as an input, with a density in proportion to scale^(-p); without it 1",
    overrides: (recipe, power) => withGuidance(recipe, { power }),
  }),
  warmupSteps: defineRecipeSetting({
    schema: z.optional(whole(1, 10_000_000)),
    argument: "<n>",
    text: "steps over which the warm-up of the loss grows, for recipes that have one",
    overrides: (recipe, steps) => ({ ...recipe, warmup: recipe.warmup && { ...recipe.warmup, steps } }),
  }),
};
