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
import type { AppliedNetwork } from "./appliedNetwork.ts";
import { noiseLike, startPoints } from "./generatorSamples.ts";
import type { StepInput } from "./stepInput.ts";

/** Steps of the teacher's solver from noise to data for rectified pairs. */
const rectifySteps = 8;

/**
 * The scalar that a recipe minimises: each term takes its rows of the batch, draws its times, and adds the mean of its weighted values.
 */
export const recipeLoss =
  (recipe: Recipe) =>
  (input: StepInput): Tensor =>
    recipeParts(recipe)
      .map((part) => part(input))
      .reduce((sum, part) => add(sum, part));

/** The terms of a recipe as functions that add up to its loss, the main one last. */
export const recipeParts = (recipe: Recipe): readonly ((input: StepInput) => Tensor)[] =>
  recipe.terms.map((term, i) => (input) => {
    const [start, stop] = rowsOfTerms(recipe.terms, input.data.shape[0])[i];
    // A term whose fraction is 0 has no rows.
    if (start === stop) return mul(0, mean(input.student(input.data, 0, 1)));
    const rows = input.data.slice([start, stop]);
    return mul(termValue(term, recipe, input, rows, termKey(recipe, input.key, i)), term.weight * term.fraction);
  });

/** Randomness of a term. A velocity's only term draws from the key of the step, so that stored teachers go on with the same bits. */
const termKey = ({ network, terms }: Recipe, key: Tensor, i: number): Tensor =>
  network === "velocity" && terms.length === 1 ? key : keys(key, terms.length)[i];

/** The mean of one term over its rows. */
function termValue(term: Term, recipe: Recipe, input: StepInput, rows: Tensor, key: Tensor): Tensor {
  const [forNoise, forTimes] = keys(key, 2);
  const dtype = rows.dtype as "float32";
  const noise = normal(forNoise, rows.shape, { dtype });
  const networks = networksOf(term, recipe, input);
  const { teacher } = networks;
  const data = recipe.pairs === "rectified" ? carried(teacher, noise) : rows;
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

/** Every function that a loss may need. One that the recipe has no use for throws where it is called. */
function networksOf(term: Term, { name, solver, solverSteps: steps, form, network: kind }: Recipe, input: StepInput) {
  const teacher = input.teacher ?? missing(name, "a teacher");
  const formed = (network: AppliedNetwork): AverageVelocity =>
    kind === "velocity" ? (x, s) => network(x, s) : flowMapForms[form](network, teacher);
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
    ...auxiliaryNetworks(name, input),
  };
}

/** Logits and ratios of densities stay within these. @source Xu et al. 2025 (f-distill), appendix, as re-implemented in FastGen */
const [logitBound, ratioRange] = [10, [0.1, 20] as const];

/** The auxiliary networks as losses see them. */
function auxiliaryNetworks(name: string, { fakeVelocity, critic }: StepInput) {
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
  { previous, stage = asTensor(0) }: StepInput,
  solve: FlowMap,
  formed: (network: AppliedNetwork) => AverageVelocity,
): FlowMap {
  if (!previous) return solve;
  const learnt = firstOrderFlowMap(formed(previous));
  return (x, s, t) => where(equal(stage, 0), solve(x, s, t), learnt(x, s, t));
}

/** min(max, max·step/steps). */
function warmupOf({ warmup }: Recipe, { data, step = asTensor(0) }: StepInput): Tensor {
  const { steps, max } = warmup ?? { steps: 1, max: 1 };
  return minimum(max, mul(max / steps, step)).cast(data.dtype);
}

/** Where the teacher's flow takes noise: the data end of rectified pairs. */
const carried = (teacher: AppliedNetwork, noise: Tensor): Tensor =>
  stopGradient(integrate(teacher, noise, 0, 1, { solver: "heun", steps: rectifySteps }), "rectified pairs");

/** Stands for a network that the recipe does not have. */
const missing =
  (name: string, what: string): AppliedNetwork =>
  () => {
    throw new DomainError(`${name}: the recipe uses ${what} that it does not have`);
  };
