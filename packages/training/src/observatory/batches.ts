import { blockedCotangents, vmap, withStops } from "@pushforward/autodiff";
import type { Recipe, Term } from "@pushforward/losses";
import {
  add,
  flatten,
  foldIn,
  mul,
  reshape,
  squaredNorm,
  stack,
  sub,
  type Tensor,
  type Tree,
  tensor,
} from "@pushforward/tensor";
import { startsFromTeacher } from "../trainer/exactTeacher.ts";
import { plainGradient, type Trained } from "../trainer/gradients.ts";
import { drawTerm, evaluateTerm, recipeLoss, studentOf, weightedMean } from "../trainer/recipeLoss.ts";
import type { StepInput } from "../trainer/stepInput.ts";
import type { Trainer } from "../trainer/trainer.ts";
import { lossGradient, type OpenedState } from "../trainer/update.ts";
import { exactFlowOf, learnsFlowOfProblem } from "./exactFlowOf.ts";
import type { Observed } from "./observed.ts";

/** Batches of an observation, from which means and deviations are estimated. */
export const batchCount = 4;

/** Most rows of a batch, so that the gradients of all batches cost about as much as one update. */
export const mostRows = 32;

/** Rows of each batch. */
export const batchRows = ({ settings }: Pick<Trainer, "settings">): number => Math.min(settings.batch, mostRows);

/** Randomness of a batch. */
export const batchKey = (key: Tensor, k: number): Tensor => foldIn(key, k);

/** A velocity that losses could have: of single samples, of the learnt teacher, or exact. */
export type VelocityKind = "conditional" | "teacher" | "exact";

/** A way to estimate the gradient: the recipe as it is trained, without one more stop-gradient, or with another velocity. */
export interface Estimator {
  readonly name: string;
  /** Label of the stop-gradient that is off besides those of the training. */
  readonly without?: string;
  /** The velocity in the place of the recipe's own; undefined for the training as it is. */
  readonly velocity?: VelocityKind;
}

/** Values and draws of one term in all batches. */
export interface TermBatches {
  /** The values before their weighting, by the name of the velocity, [batches, rows]. */
  readonly values: Readonly<Record<string, Tensor>>;
  /** Times, [batches, rows]. */
  readonly s: Tensor;
  readonly t: Tensor;
  /** ‖u − U‖² of the student and the exact average velocity, [batches, rows]. */
  readonly error?: Tensor;
}

/** Gradients and values of a few batches. Gradients are lists of leaves, [batches, entries of the leaf]. */
export interface Batches {
  /** By the name of the estimator. */
  readonly gradients: Readonly<Record<string, readonly Tensor[]>>;
  /** The gradient of the recipe with the exact average velocity as its target; absent where it is not known. */
  readonly exact?: readonly Tensor[];
  /** ‖cotangent‖² that the stop-gradients of each label discard, [batches]. */
  readonly blocked: Readonly<Record<string, Tensor>>;
  /** By term; a term without rows has no entry. */
  readonly terms: readonly TermBatches[];
}

/** The name of the gradient and of the values as they are trained. */
export const asTrained = "as trained";

/** Names of velocities in series. */
export const velocityNames: Readonly<Record<VelocityKind, string>> = {
  conditional: "v of single samples",
  teacher: "v of the teacher",
  exact: "exact v",
};

/** Labels of the stop-gradients that a training keeps, of its terms with rows. */
export const keptStops = ({ recipe, settings }: Pick<Trainer, "recipe" | "settings">): readonly string[] => {
  const present = recipe.terms.filter(({ fraction }) => fraction > 0);
  const isKept = (label: string, off: readonly string[]): boolean =>
    !(off.includes(label) || (settings.withoutStops ?? []).includes(label));
  const kept = present.flatMap(({ loss, withoutStops }) => loss.stops.filter((label) => isKept(label, withoutStops)));
  return [...new Set(kept)];
};

/** Kinds of velocity that the terms of a training read; none where no loss reads `v`. */
export function trainedVelocities({ recipe, settings }: Trainer): readonly VelocityKind[] {
  const isExact = settings.teacherVelocity === "exact" && !startsFromTeacher(recipe);
  const kindOf = ({ velocity }: Term): VelocityKind => (velocity === "teacher" && isExact ? "exact" : velocity);
  return [...new Set(recipe.terms.filter(({ loss }) => loss.conditionalVelocity !== "unused").map(kindOf))];
}

/** Velocities that a training could have instead of its own: of single samples, and the exact one or else the teacher's. */
export function otherVelocities(trainer: Trainer): readonly VelocityKind[] {
  const trained = trainedVelocities(trainer);
  const isKnown = trainer.teacher !== undefined && learnsFlowOfProblem(trainer);
  const better = exactFlowOf(trainer) ? "exact" : isKnown ? "teacher" : undefined;
  const all = (["conditional", better] as const).filter((kind) => kind !== undefined);
  return trained.length === 0 ? [] : all.filter((kind) => trained.some((own) => own !== kind));
}

/** The ways to estimate the gradient of a training: each velocity, with each stop-gradient and without it. */
export function estimatorsOf(trainer: Trainer): readonly Estimator[] {
  const stops = [undefined, ...keptStops(trainer)];
  return [undefined, ...otherVelocities(trainer)].flatMap((velocity) =>
    stops.map((without): Estimator => {
      const parts = [without && `without ${without}`, velocity && velocityNames[velocity]].filter(
        (part) => part !== undefined,
      );
      return { name: parts.length === 0 ? asTrained : parts.join(", "), without, velocity };
    }),
  );
}

/** A recipe whose losses get another velocity. */
const withVelocity = (recipe: Recipe, kind: VelocityKind | undefined): Recipe => {
  if (kind === undefined) return recipe;
  const velocity = kind === "conditional" ? "conditional" : "teacher";
  return { ...recipe, terms: recipe.terms.map((term) => ({ ...term, velocity })) };
};

/** A trainer with the velocity and the stops of an estimator. */
const trainerOf = (trainer: Trainer, { velocity, without }: Estimator): Trainer => ({
  ...trainer,
  recipe: withVelocity(trainer.recipe, velocity),
  settings: {
    ...trainer.settings,
    withoutStops: [...(trainer.settings.withoutStops ?? []), ...(without === undefined ? [] : [without])],
  },
});

/** An opened state whose other velocity is the exact one, where that is known. The teacher stays in all its other uses. */
function openedFor(
  trainer: Trainer,
  { velocity }: Pick<Estimator, "velocity">,
  opened: OpenedState<Tree>,
): OpenedState<Tree> {
  const exact = exactFlowOf(trainer)?.velocity as StepInput["targetVelocity"];
  if (velocity !== "exact" || !exact) return opened;
  return { ...opened, input: (at) => ({ ...opened.input(at), targetVelocity: exact }) };
}

const leavesOf = (tree: Tree): Tensor[] =>
  flatten(tree, "observatory").leaves.map((leaf) => reshape(leaf as Tensor, [-1]));

/** One batch: everything that {@link Batches} has, without the axis of batches. */
function oneBatch({ trainer, state, teacher }: Observed, key: Tensor, exact: readonly (Tensor | null)[] | null) {
  const opened = trainer.open(state, teacher, key, batchRows(trainer));
  const gradientOf = (estimator: Estimator): Tensor[] =>
    leavesOf(lossGradient(trainerOf(trainer, estimator), openedFor(trainer, estimator, opened))[1].student);
  return {
    gradients: Object.fromEntries(estimatorsOf(trainer).map((each) => [each.name, gradientOf(each)])),
    exact: exact ? leavesOf(exactGradient(trainer, opened, exact)) : null,
    blocked: blockedOf(trainer, opened),
    terms: trainer.recipe.terms.flatMap((_, i) => termOf(trainer, i, opened, exact?.[i] ?? null) ?? []),
  };
}

/** ‖u − U‖² of a term, [rows]: the student against the exact average velocity at the points of the term. */
function errorOf(recipe: Recipe, i: number, input: StepInput, exact: Tensor): Tensor {
  const { xs, times } = drawTerm(recipe, i, input)!;
  const end = recipe.terms[i].loss.learns === "velocity" ? times.s : times.t;
  return squaredNorm(sub(studentOf(recipe, input)(xs, times.s, end), exact));
}

/** The gradient of the recipe with ‖u − U‖² in the place of every loss: the target is exact. */
function exactGradient({ recipe }: Trainer, { at, input }: OpenedState<Tree>, exact: readonly (Tensor | null)[]): Tree {
  const loss = (trained: Trained<Tree>): Tensor => {
    const given = input(trained);
    const parts = recipe.terms.flatMap((term, i) => {
      const target = exact[i];
      if (target === null) return [];
      const errors = errorOf(recipe, i, given, target);
      const value = weightedMean(term, errors, given, drawTerm(recipe, i, given)!);
      return [mul(value, term.weight * term.fraction)];
    });
    return parts.reduce((sum, part) => add(sum, part));
  };
  return plainGradient(loss, at)[1].student;
}

/** ‖cotangent‖² that the stop-gradients of each label discard; 0 for a label that a loss lists and never uses. */
function blockedOf(trainer: Trainer, { at, input }: OpenedState<Tree>): Record<string, Tensor> {
  const { recipe, settings } = trainer;
  const blocked = withStops(settings.withoutStops ?? [], () =>
    blockedCotangents(() => recipeLoss(recipe)(input(at)))(),
  );
  const none = tensor(0, { dtype: settings.dtype });
  const squaredLength = (label: string): Tensor =>
    (blocked[label] ?? []).map((each) => each.square().sum()).reduce((sum, each) => add(sum, each), none);
  return Object.fromEntries(keptStops(trainer).map((label) => [label, squaredLength(label)]));
}

/** Values and draws of a term. */
function termOf(trainer: Trainer, i: number, opened: OpenedState<Tree>, exact: Tensor | null) {
  const given = opened.input(opened.at);
  const draws = drawTerm(trainer.recipe, i, given);
  if (draws === undefined) return undefined;
  const column = (x: Tensor): Tensor => reshape(x, [-1]);
  const valuesOf = (velocity: VelocityKind | undefined): Tensor => {
    const { at, input } = openedFor(trainer, { velocity }, opened);
    return withStops(
      trainer.settings.withoutStops ?? [],
      () => evaluateTerm(withVelocity(trainer.recipe, velocity), i, input(at))!.values,
    );
  };
  const all = [undefined, ...otherVelocities(trainer)];
  return {
    values: Object.fromEntries(
      all.map((kind) => [kind === undefined ? asTrained : velocityNames[kind], valuesOf(kind)]),
    ),
    s: column(draws.times.s),
    t: column(draws.times.t),
    ...(exact === null ? {} : { error: errorOf(trainer.recipe, i, given, exact) }),
  };
}

/** Gradients and values of the batches of an observation. */
export function batchesOf(observed: Observed): Batches {
  const keys = stack(Array.from({ length: batchCount }, (_, k) => batchKey(observed.key, k)));
  const exact = observed.exact?.batches ?? null;
  const all = vmap((key: Tensor, targets: (Tensor | null)[] | null) => oneBatch(observed, key, targets))(
    keys,
    exact as (Tensor | null)[] | null,
  );
  return { ...all, exact: all.exact ?? undefined } as unknown as Batches;
}
