import { type FlowMapForm, flowMapForms } from "@pushforward/flows";
import { type AnyLoss, losses, type Recipe, type Term, type TimeLaw } from "@pushforward/losses";

/** The loss of a term. */
export const lossOf = ({ loss }: Term): AnyLoss => losses[loss];

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
  /** Whether weights of the times are learnt along, for recipes that have them. Default: the recipe's. */
  readonly learnedWeights?: "recipe" | "off";
  /** The student's learning rate over that of the training, for recipes with networks that learn along. Default: the recipe's. */
  readonly studentRate?: number;
  /** Updates of the samples' own velocity before each of the student's. Default: the recipe's. */
  readonly fakeUpdates?: number;
  /** Updates of the critic before each of the student's. Default: the recipe's. */
  readonly criticUpdates?: number;
  /** What the network stands for, where the losses leave that open. Default: the recipe's. */
  readonly form?: FlowMapForm;
  /** Steps over which `warmup` grows. Default: the recipe's. */
  readonly warmupSteps?: number;
  /**
   * Which noise goes with which data: drawn apart, Distill({X_t}), or each noise with where the teacher's flow takes it, the
   * rectified pairs of Distill({Z_t}). Default: apart.
   */
  readonly pairs?: "independent" | "rectified";
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
  if (times !== "uniform") return law;
  if (law.kind === "fixedEnd" || law.kind === "diagonal") return { ...law, start: { kind: "uniform" } };
  const isPair = law.kind === "logitNormalPair" || law.kind === "dyadic" || law.kind === "intervalLogitNormal";
  return isPair ? { kind: "uniformTriangle" } : law;
}

function weightingOf(
  weighting: Term["weighting"],
  { adaptivePower: p, learnedWeights }: RecipeChoices,
): Term["weighting"] {
  if (weighting.kind === "learned" && learnedWeights === "off") return { kind: "none" };
  return weighting.kind === "adaptive" && p !== undefined ? { ...weighting, p } : weighting;
}

/** Fractions of a diagonal term and the one that the recipe is named for. */
function fractionsOf(terms: readonly Term[], offDiagonal: number | undefined): readonly number[] {
  const isMixed = terms.length === 2 && terms[0].timeLaw.kind === "diagonal";
  return offDiagonal === undefined || !isMixed ? terms.map(({ fraction }) => fraction) : [1 - offDiagonal, offDiagonal];
}

/** What the network of a recipe stands for: some losses decide that. */
function formOf(terms: readonly Term[], chosen: FlowMapForm): FlowMapForm {
  const decided = terms.map((term) => lossOf(term).learns).find((learns) => Object.hasOwn(flowMapForms, learns));
  return (decided as FlowMapForm | undefined) ?? chosen;
}

/** A recipe with all choices made. */
export interface Plan extends Pick<Recipe, "name" | "solver" | "solverSteps" | "warmup" | "stages"> {
  readonly terms: readonly Term[];
  readonly form: FlowMapForm;
  readonly isRectified: boolean;
}

/** The recipe as it is trained: its own settings where nothing else was chosen. */
export function planOf(recipe: Recipe, choices: RecipeChoices): Plan {
  const fractions = fractionsOf(recipe.terms, choices.offDiagonal);
  const isRectified = choices.pairs === "rectified";
  const terms = recipe.terms.map((term, i) => ({
    ...term,
    fraction: fractions[i],
    // The straightened flow of rectified pairs is not the teacher's, so its velocity is that of the pairs.
    velocity: velocityOf(term, isRectified ? "conditional" : choices.velocity),
    weighting: weightingOf(term.weighting, choices),
    timeLaw: timesOf(term.timeLaw, choices),
  }));
  const steps = choices.warmupSteps;
  const warmup = recipe.warmup && { ...recipe.warmup, ...(steps === undefined ? {} : { steps }) };
  const { name, solver, solverSteps, stages } = recipe;
  return {
    name,
    solver,
    solverSteps,
    stages,
    terms,
    warmup,
    isRectified,
    form: formOf(terms, choices.form ?? recipe.form),
  };
}
