import { stopGradient } from "@pushforward/autodiff";
import { type AverageVelocity, type FlowMap, firstOrderFlowMap, flowMapForms, integrate } from "@pushforward/flows";
import { type AnyLoss, applyWeighting, type Recipe, rowsOfTerms, sampleTimes, type Term } from "@pushforward/losses";
import {
  add,
  asTensor,
  clip,
  DomainError,
  div,
  equal,
  exp,
  foldIn,
  keys,
  mean,
  minimum,
  mul,
  normal,
  sub,
  type Tensor,
  where,
} from "@pushforward/tensor";
import { chosenRecipe, type RecipeChoices } from "../settings/recipeChoices.ts";
import { auxiliariesOf } from "./auxiliaryObjective.ts";
import type { ChosenRecipe } from "./chosenRecipe.ts";
import { noiseLike, startPoints, startsOf } from "./generatorSamples.ts";
import type { AppliedNetwork, Objective, ObjectiveInput } from "./objective.ts";

/** Steps of the teacher's solver from noise to data for rectified pairs. */
const rectifySteps = 8;

/**
 * A recipe as an objective: each term takes its rows of the batch, draws its times, and adds the mean of its weighted
 * values.
 */
export function recipeObjective(recipe: Recipe, choices: RecipeChoices = {}): Objective {
  const chosen = chosenRecipe(recipe, choices);
  const { terms, form, stages, isRectified } = chosen;
  const needs = new Set(terms.flatMap((term) => term.loss.needs));
  const last = terms[terms.length - 1];
  const asksTeacher = ["teacher", "solve", "teacherMap", "pairs"].some((need) => needs.has(need as "teacher"));
  const isTaught = terms.some(({ velocity }) => velocity === "teacher") || form === "secondOrder" || isRectified;
  const parts = terms.map((_, i) => partOf(chosen, i));
  return {
    name: recipe.name,
    network: "averageVelocity",
    form,
    maxFrequency: recipe.maxFrequency,
    learnsDiagonal: terms.every((term) => term.loss.learns === "velocity"),
    needsTeacher: asksTeacher || isTaught,
    targetDecay: needs.has("ema") ? chosen.emaDecay : null,
    endsAtData:
      form === "trigFlow" ||
      last.loss.name === "continuousConsistency" ||
      last.timeLaw.kind === "karrasGrid" ||
      ("end" in last.timeLaw && last.timeLaw.end === 1),
    stops: [...new Set(terms.flatMap((term) => term.loss.stops))],
    stages,
    init: recipe.init,
    auxiliaries: auxiliariesOf(chosen),
    rate: chosen.rate,
    ...(last.loss.learns === "generator" ? { starts: startsOf(last.timeLaw) } : {}),
    learnsOmega: terms.some(({ weighting }) => weighting.kind === "learned"),
    loss: (input) => parts.map((part) => part(input)).reduce((sum, part) => add(sum, part)),
    ...(recipe.balance === "gradientNorm" ? { parts } : {}),
  };
}

/** One term's fraction of the objective, over its rows of the batch. */
const partOf =
  (recipe: ChosenRecipe, index: number) =>
  (input: ObjectiveInput): Tensor => {
    const term = recipe.terms[index];
    const [start, stop] = rowsOfTerms(recipe.terms, input.data.shape[0])[index];
    // A term whose fraction is 0 has no rows.
    if (start === stop) return mul(0, mean(input.student(input.data, 0, 1)));
    const key = keys(input.key, recipe.terms.length)[index];
    return mul(termValue(term, recipe, input, input.data.slice([start, stop]), key), term.weight * term.fraction);
  };

/** The mean of one term over its rows. */
function termValue(term: Term, recipe: ChosenRecipe, input: ObjectiveInput, rows: Tensor, key: Tensor): Tensor {
  const [forNoise, forTimes] = keys(key, 2);
  const dtype = rows.dtype as "float32";
  const noise = normal(forNoise, rows.shape, { dtype });
  const networks = networksOf(term, recipe, input);
  const { teacher } = networks;
  const data = recipe.isRectified ? carried(teacher, noise) : rows;
  const times = sampleTimes(forTimes, data.shape[0], term.timeLaw, { dtype, stage: input.stage });
  const { s, t } = times;
  const xs = startPoints(term, { s, noise, data, student: input.student, key: foldIn(key, 2) });
  const values = term.loss.loss({
    ...times,
    ...networks,
    warmup: warmupOf(recipe, input),
    freshNoise: noiseLike(data, key, 3),
    pairs: term.loss.needs.includes("pairs") ? { noise, data: carried(teacher, noise) } : undefined,
    noise,
    data,
    xs,
    v: term.velocity === "teacher" ? teacher(xs, s) : sub(data, noise),
  } as Parameters<AnyLoss["loss"]>[0]);
  return mean(applyWeighting(term.weighting, values, input.omega?.(s, t), s));
}

/** Everything a loss may ask for that is a function; what nobody asked for complains when it is called. */
function networksOf(term: Term, { name, solver, solverSteps: steps, form }: ChosenRecipe, input: ObjectiveInput) {
  const teacher = input.teacher ?? missing(name, "a teacher");
  const formed = (network: AppliedNetwork) => flowMapForms[form](network, teacher);
  const isRaw = term.loss.learns === form;
  const solve = (x: Tensor, a: Tensor, b: Tensor): Tensor =>
    integrate(teacher, x, a, b, { solver: solver ?? "heun", steps });
  return {
    u: isRaw ? input.student : formed(input.student),
    ema: formed(input.target ?? missing(name, "a target network")),
    // Embedded problems have no labels: without its label the student is itself.
    unconditional: formed(input.student),
    teacherMap: teacherMapOf(input, solve, formed),
    teacher,
    solve,
    ...alongOf(name, input),
  };
}

/** Logits and ratios of densities stay within these. @source Xu et al. 2025 (f-distill), appendix, as re-implemented in FastGen */
const [logitBound, ratioRange] = [10, [0.1, 20] as const];

/** What losses see of the networks that learn along. */
function alongOf(name: string, { fakeVelocity, critic }: ObjectiveInput) {
  const logit = critic ?? missing(name, "a critic");
  return {
    fakeVelocity: fakeVelocity ?? missing(name, "the samples' own velocity"),
    critic: logit,
    ratio: (x: Tensor, t: Tensor): Tensor => clip(exp(clip(logit(x, t), -logitBound, logitBound)), ...ratioRange),
    normalize: (weights: Tensor): Tensor => div(weights, mean(weights)),
  };
}

/** The map that a staged training learns from: one solver step of the teacher at first, then the student of the stage before. */
function teacherMapOf(
  { previous, stage = asTensor(0) }: ObjectiveInput,
  solve: FlowMap,
  formed: (network: AppliedNetwork) => AverageVelocity,
): FlowMap {
  if (!previous) return solve;
  const learnt = firstOrderFlowMap(formed(previous));
  return (x, s, t) => where(equal(stage, 0), solve(x, s, t), learnt(x, s, t));
}

/** min(max, max·step/steps). */
function warmupOf({ warmup }: ChosenRecipe, { data, step = asTensor(0) }: ObjectiveInput): Tensor {
  const { steps, max } = warmup ?? { steps: 1, max: 1 };
  return minimum(max, mul(max / steps, step)).cast(data.dtype);
}

/** Where the teacher's flow takes noise: the data end of rectified pairs. */
const carried = (teacher: AppliedNetwork, noise: Tensor): Tensor =>
  stopGradient(integrate(teacher, noise, 0, 1, { solver: "heun", steps: rectifySteps }), "rectified pairs");

/** Stands for a network that nobody asked for. */
const missing =
  (name: string, what: string): AppliedNetwork =>
  () => {
    throw new DomainError(`${name}: the recipe uses ${what} without having asked for it`);
  };
