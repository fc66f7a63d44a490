import { integrate } from "@pushforward/flows";
import {
  type AnyLoss,
  applyWeighting,
  losses,
  type Recipe,
  rowsOfTerms,
  sampleTimes,
  type Term,
  type TimeLaw,
} from "@pushforward/losses";
import { add, DomainError, keys, mean, mul, normal, sub, type Tensor } from "@pushforward/tensor";
import type { AppliedNetwork, Objective, ObjectiveInput } from "./objective.ts";

/** X_t = t·X_1 + (1 − t)·X_0. */
export const interpolateLinear = (noise: Tensor, data: Tensor, t: Tensor): Tensor =>
  add(mul(t, data), mul(sub(1, t), noise));

/** Steps of the teacher's solver between the two times of a loss. */
const solveSteps = 1;

const lossOf = ({ loss }: Term): AnyLoss => losses[loss];

/** How a training departs from a paper's recipe. */
export interface RecipeChoices {
  /** What terms regress on. Default: what the recipe says. */
  readonly velocity?: "recipe" | "teacher" | "conditional";
  /** Times that are drawn. Default: the recipe's laws. */
  readonly times?: "recipe" | "uniform";
  /** Share of the batch off the diagonal t = s, for recipes that mix. Default: the recipe's. */
  readonly offDiagonal?: number;
  /** Decay of the slow copy that targets use. Default: the recipe's. */
  readonly targetEma?: number;
  /** Power of adaptive weights, for recipes that have them: 0 is none, 1 nearly normalises every error. Default: the recipe's. */
  readonly adaptivePower?: number;
}

function velocityOf(term: Term, choice: RecipeChoices["velocity"] = "recipe"): Term["velocity"] {
  const { conditionalVelocity, needs } = lossOf(term);
  const isFixed = conditionalVelocity === "unused" || (choice === "conditional" && needs.includes("teacher"));
  return choice === "recipe" || isFixed ? term.velocity : choice;
}

function timesOf(law: TimeLaw, { times, offDiagonal }: RecipeChoices): TimeLaw {
  if (law.kind === "diagonalMix") {
    return { ...law, fraction: 1 - (offDiagonal ?? 1 - law.fraction), law: timesOf(law.law, { times }) };
  }
  return times === "uniform" && (law.kind === "logitNormalPair" || law.kind === "dyadic")
    ? { kind: "uniformTriangle" }
    : law;
}

const weightingOf = (weighting: Term["weighting"], power: number | undefined): Term["weighting"] =>
  weighting.kind === "adaptive" && power !== undefined ? { ...weighting, p: power } : weighting;

/** Shares of a diagonal term and the one that the recipe is named for. */
function sharesOf(terms: readonly Term[], offDiagonal: number | undefined): readonly number[] {
  const isMixed = terms.length === 2 && terms[0].timeLaw.kind === "diagonal";
  return offDiagonal === undefined || !isMixed ? terms.map(({ share }) => share) : [1 - offDiagonal, offDiagonal];
}

/**
 * A recipe as an objective: each term takes its rows of the batch, draws its times, and adds the mean of its weighted
 * values.
 */
export function recipeObjective(recipe: Recipe, choices: RecipeChoices = {}): Objective {
  const shares = sharesOf(recipe.terms, choices.offDiagonal);
  const terms = recipe.terms.map((term, i) => ({
    ...term,
    share: shares[i],
    velocity: velocityOf(term, choices.velocity),
    weighting: weightingOf(term.weighting, choices.adaptivePower),
    timeLaw: timesOf(term.timeLaw, choices),
  }));
  const needs = new Set(terms.flatMap((term) => lossOf(term).needs));
  const last = terms[terms.length - 1];
  return {
    name: recipe.name,
    network: "averageVelocity",
    needsTeacher: needs.has("teacher") || needs.has("solve") || terms.some(({ velocity }) => velocity === "teacher"),
    targetDecay: needs.has("ema") ? (choices.targetEma ?? recipe.emaDecay) : null,
    endsAtData: last.timeLaw.kind === "karrasGrid" || ("end" in last.timeLaw && last.timeLaw.end === 1),
    loss(input) {
      const rows = rowsOfTerms(terms, input.data.shape[0]);
      const forTerms = keys(input.key, terms.length);
      const parts = terms.flatMap((term, i) => {
        const [start, stop] = rows[i];
        if (start === stop) return [];
        const value = termValue(term, recipe, input, input.data.slice([start, stop]), forTerms[i]);
        return [mul(value, term.weight * term.share)];
      });
      return parts.reduce((sum, part) => add(sum, part));
    },
  };
}

/** The mean of one term over its rows. */
function termValue(term: Term, recipe: Recipe, input: ObjectiveInput, data: Tensor, key: Tensor): Tensor {
  const [forNoise, forTimes] = keys(key, 2);
  const dtype = data.dtype as "float32";
  const noise = normal(forNoise, data.shape, { dtype });
  const times = sampleTimes(forTimes, data.shape[0], term.timeLaw, { dtype });
  const xs = interpolateLinear(noise, data, times.s);
  const teacher = input.teacher ?? missing(recipe.name, "a teacher");
  const values = lossOf(term).loss({
    ...times,
    u: input.student,
    ema: input.target ?? missing(recipe.name, "a target network"),
    teacher,
    solve: (x: Tensor, a: Tensor, b: Tensor) =>
      integrate(teacher, x, a, b, { solver: recipe.solver ?? "heun", steps: solveSteps }),
    noise,
    data,
    xs,
    v: term.velocity === "teacher" ? teacher(xs, times.s) : sub(data, noise),
  } as Parameters<AnyLoss["loss"]>[0]);
  return mean(applyWeighting(term.weighting, values));
}

/** Stands for a network that nobody asked for. */
const missing =
  (name: string, what: string): AppliedNetwork =>
  () => {
    throw new DomainError(`${name}: the recipe uses ${what} without having asked for it`);
  };
