import { stopGradient, withStops } from "@pushforward/autodiff";
import {
  type AverageVelocity,
  type FlowMap,
  type FlowMapForm,
  firstOrderFlowMap,
  flowMapForms,
  formNetworks,
  integrate,
} from "@pushforward/flows";
import {
  type AnyLoss,
  applyWeighting,
  ownTangent,
  type Recipe,
  rowsOfTerms,
  sampleTimes,
  type Term,
  type Times,
} from "@pushforward/losses";
import {
  add,
  asTensor,
  DomainError,
  div,
  equal,
  foldIn,
  keys,
  less,
  mean,
  minimum,
  mul,
  normal,
  sqrt,
  sub,
  type Tensor,
  type TensorLike,
  where,
} from "@pushforward/tensor";
import type { AppliedNetwork } from "./appliedNetwork.ts";
import { atLabels } from "./atLabels.ts";
import { noiseLike, startPoints } from "./generatorSamples.ts";
import { guidanceWeights } from "./guidance.ts";
import { labelsOfRows, withoutLabels } from "./labels.ts";
import { ratios } from "./ratios.ts";
import type { StepInput } from "./stepInput.ts";

/** Steps of the teacher's solver from noise to data for rectified pairs. */
const rectifySteps = 8;

/**
 * The scalar that a recipe minimises: each term takes its rows of the batch, draws its times, and adds the mean of its weighted values.
 */
export const recipeLoss =
  (recipe: Recipe) =>
  (input: StepInput): Tensor =>
    (recipe.balance === "errorLength"
      ? balancedParts(recipe, input)
      : recipeParts(recipe).map((part) => part(input))
    ).reduce((sum, part) => add(sum, part));

/** The terms of a recipe as functions that add up to its loss, the main one last. */
export const recipeParts = (recipe: Recipe): readonly ((input: StepInput) => Tensor)[] =>
  recipe.terms.map((term, i) => (input) => {
    const evaluated = evaluateTerm(recipe, i, input);
    // A term whose fraction is 0 has no rows.
    if (evaluated === undefined) return mul(0, mean(input.student(input.data, 0, 1)));
    return partOf(recipe, term, evaluated, input);
  });

/** A term's rows as a part of the loss. */
function partOf(recipe: Recipe, term: Term, { values, draws }: EvaluatedTerm, input: StepInput): Tensor {
  const part = mul(weightedMean(term, values, input, draws), term.weight * term.fraction);
  return term.afterWarmup ? where(isWarmingUp(recipe, input), 0, part) : part;
}

/** Stands beside a mean length of errors, so that errors of zero have a finite factor. */
const smallestError = 1e-6;

/**
 * The terms of a recipe, whose errors are scaled to the mean length of the last term's: Lᵢ·λᵢ, λᵢ = E‖e_last‖/(E‖eᵢ‖ + ε) as a constant. The
 * values of the losses are ‖e‖².
 *
 * @source Tong et al. 2025 (FreeFlow), second-hand: λ of the correction; its ε was not found
 */
function balancedParts(recipe: Recipe, input: StepInput): Tensor[] {
  const evaluated = recipe.terms.flatMap((term, i) => {
    const rows = evaluateTerm(recipe, i, input);
    return rows === undefined ? [] : [{ term, rows, length: mean(sqrt(stopGradient(rows.values, "balance"))) }];
  });
  const last = evaluated.length - 1;
  return evaluated.map(({ term, rows, length }, i) => {
    const part = partOf(recipe, term, rows, input);
    return i === last ? part : mul(div(evaluated[last].length, add(length, smallestError)), part);
  });
}

/** Randomness of a term. A velocity's only term draws from the key of the step, so that stored teachers go on with the same bits. */
const termKey = ({ network, terms }: Recipe, key: Tensor, i: number): Tensor =>
  network === "velocity" && terms.length === 1 ? key : keys(key, terms.length)[i];

/** Everything that a term draws in one step. */
export interface TermDraws {
  /** X_0 and X_1 of its rows, [rows, dim]. */
  readonly noise: Tensor;
  readonly data: Tensor;
  /** X_s, [rows, dim]. */
  readonly xs: Tensor;
  /** s, t and where the law has them r and delta, [rows, 1]. */
  readonly times: Times;
}

/** The values of a term, one per row and without its weighting, [rows], and their draws. */
interface EvaluatedTerm {
  readonly values: Tensor;
  readonly draws: TermDraws;
}

/** Evaluates a term; undefined for a term without rows. */
export function evaluateTerm(recipe: Recipe, i: number, input: StepInput): EvaluatedTerm | undefined {
  const rows = inputOfTerm(recipe, i, input);
  return rows && evaluateRows(recipe, i, rows);
}

function evaluateRows(recipe: Recipe, i: number, input: StepInput): EvaluatedTerm {
  const draws = drawRows(recipe, i, input);
  const { noise, data, xs, times } = draws;
  const term = recipe.terms[i];
  const key = termKey(recipe, input.key, i);
  const networks = networksOf(term, recipe, input);
  const { teacher } = networks;
  const inputs = {
    ...times,
    ...networks,
    warmup: warmupOf(recipe, input),
    sigmaData: recipe.sigmaData,
    group: term.group,
    ...(recipe.clip === null ? {} : { clip: recipe.clip }),
    freshNoise: noiseLike(data, key, 3),
    ...(recipe.guidance && input.labels
      ? { guidance: guidanceWeights(recipe.guidance, times.s, input.labels.scales) }
      : {}),
    pairs: term.loss.needs.includes("pairs") ? { noise, data: carried(teacher, noise) } : undefined,
    noise,
    data,
    xs,
    v: term.velocity === "teacher" ? (input.targetVelocity ?? teacher)(xs, times.s) : sub(data, noise),
  } as Parameters<AnyLoss["loss"]>[0];
  const loss = term.tangent === "own" ? ownTangent(term.loss) : term.loss;
  return { values: withStops(term.withoutStops, () => loss.loss(inputs)), draws };
}

/** Draws noise, times and start points for the rows of a term; undefined for a term without rows. */
export function drawTerm(recipe: Recipe, i: number, input: StepInput): TermDraws | undefined {
  const rows = inputOfTerm(recipe, i, input);
  return rows && drawRows(recipe, i, rows);
}

/** The input of a term: its rows of the batch, networks at their labels; undefined for a term without rows. */
function inputOfTerm(recipe: Recipe, i: number, input: StepInput): StepInput | undefined {
  const [start, stop] = rowsOfTerms(recipe.terms, input.data.shape[0])[i];
  return start === stop ? undefined : inputOfRows(recipe, input, [start, stop]);
}

/** The input of a step for some of its rows: their data, and all networks at their labels, the teacher guided. */
export function inputOfRows(
  { guidance }: Pick<Recipe, "guidance">,
  input: StepInput,
  [start, stop]: readonly [number, number],
): StepInput {
  const data = input.data.slice([start, stop]);
  if (!input.labels) return { ...input, data };
  const labels = labelsOfRows(input.labels, [start, stop]);
  return {
    ...atLabels({ ...input, data, labels }, guidance),
    unconditional: withoutLabels(input.student, labels),
  };
}

function drawRows(recipe: Recipe, i: number, input: StepInput): TermDraws {
  const term = recipe.terms[i];
  const rows = input.data;
  const key = termKey(recipe, input.key, i);
  const [forNoise, forTimes] = keys(key, 2);
  const dtype = rows.dtype as "float32";
  const noise = normal(forNoise, rows.shape, { dtype });
  const data = recipe.pairs === "rectified" ? carried(teacherOf(recipe, input), noise) : rows;
  const { stage, step, progress } = input;
  const times = sampleTimes(forTimes, data.shape[0], term.timeLaw, { dtype, stage, step, progress, group: term.group });
  const student = term.start === "student" ? (studentOf(recipe, input) as AppliedNetwork) : input.student;
  const solve = solverOf(recipe, input);
  const trajectory = (from: Tensor, end: Tensor): Tensor => solve(from, 0, end);
  const { before, ...own } = times;
  const xs = startPoints(term, { s: times.s, before, noise, data, student, key: foldIn(key, 2), trajectory });
  return { noise, data, xs, times: own };
}

/** The mean of the weighted values of a term. */
export const weightedMean = (
  { weighting }: Pick<Term, "weighting">,
  values: Tensor,
  { omega }: Pick<StepInput, "omega">,
  { times: { s, t } }: Pick<TermDraws, "times">,
): Tensor => mean(applyWeighting(weighting, values, omega?.(s, t), s));

const teacherOf = ({ name }: Recipe, { teacher }: StepInput): AppliedNetwork => teacher ?? missing(name, "a teacher");

/** The flow of the teacher by the recipe's solver. */
const solverOf =
  (recipe: Recipe, input: StepInput) =>
  (x: Tensor, s: TensorLike, t: TensorLike): Tensor =>
    integrate(teacherOf(recipe, input), x, s, t, { solver: recipe.solver ?? "heun", steps: recipe.solverSteps });

/** The student as the average velocity that a term sees. */
export const studentOf = (recipe: Recipe, input: StepInput): AverageVelocity => formed(recipe, input, input.student);

/** A network in the form of the recipe, as an average velocity. */
const formed = (recipe: Recipe, input: StepInput, network: AppliedNetwork): AverageVelocity =>
  recipe.network === "velocity"
    ? (x, s) => network(x, s)
    : flowMapForms[recipe.form](network, teacherOf(recipe, input), recipe);

/** Every function that a loss may need. One that the recipe has no use for throws where it is called. */
export function networksOf(term: Term, recipe: Recipe, input: StepInput) {
  const { name, form } = recipe;
  const teacher = teacherOf(recipe, input);
  const asAverage = (network: AppliedNetwork): AverageVelocity => formed(recipe, input, network);
  const { learns } = term.loss;
  // A loss of the network of a form gets the network, or the one that the student would be in this form.
  const inForm = (): AverageVelocity =>
    Object.hasOwn(formNetworks, learns)
      ? formNetworks[learns as FlowMapForm](asAverage(input.student), teacher, recipe)
      : asAverage(input.student);
  const solve = solverOf(recipe, input);
  return {
    u: learns === form ? input.student : inForm(),
    ema: asAverage(input.target ?? missing(name, "a target network")),
    // Without labels the student without its label is itself.
    unconditional: asAverage(input.unconditional ?? input.student),
    teacherMap: teacherMapOf(input, solve, asAverage),
    teacher,
    solve,
    ...auxiliaryNetworks(recipe, input),
  };
}

/** The auxiliary networks as losses see them. */
function auxiliaryNetworks({ name, ratio }: Recipe, { fakeVelocity, critic }: StepInput) {
  const logit = critic ?? missing(name, "a critic");
  return {
    fakeVelocity: fakeVelocity ?? missing(name, "the samples' own velocity"),
    critic: logit,
    ratio: (x: Tensor, t: Tensor): Tensor => ratios[ratio](logit(x, t), t),
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

/** Whether the warm-up of the recipe is not over yet. */
const isWarmingUp = ({ warmup }: Recipe, { step = asTensor(0) }: StepInput): Tensor => less(step, warmup?.steps ?? 0);

/** Where the teacher's flow takes noise: the data end of rectified pairs. */
const carried = (teacher: AppliedNetwork, noise: Tensor): Tensor =>
  stopGradient(integrate(teacher, noise, 0, 1, { solver: "heun", steps: rectifySteps }), "rectified pairs");

/** Stands for a network that the recipe does not have. */
const missing =
  (name: string, what: string): AppliedNetwork =>
  () => {
    throw new DomainError(`${name}: the recipe uses ${what} that it does not have`);
  };
