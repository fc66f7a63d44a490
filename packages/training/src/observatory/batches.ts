import { blockedCotangents, vmap, withStops } from "@pushforward/autodiff";
import { hasWholeGroups, type Recipe, type Term } from "@pushforward/losses";
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
import { plainGradient, type Trained } from "../trainer/gradients.ts";
import { drawTerm, evaluateTerm, recipeLoss, studentOf, type TermDraws, weightedMean } from "../trainer/recipeLoss.ts";
import type { StepInput } from "../trainer/stepInput.ts";
import { observationStreams } from "../trainer/streams.ts";
import type { Trainer } from "../trainer/trainer.ts";
import { lossGradient, type OpenedState } from "../trainer/update.ts";
import {
  asTrained,
  type Estimator,
  estimatorsOf,
  keptStops,
  openedFor,
  otherVelocities,
  trainerOf,
  type VelocityKind,
  velocityNames,
  withVelocity,
} from "./estimators.ts";
import type { Observed } from "./observed.ts";

/** Batches of an observation, from which means and deviations are estimated. */
export const batchCount = 4;

/** Most rows of a batch: all batches together have half the rows of a usual update. */
export const mostRows = 32;

/** Rows of each batch: a few, but whole groups of every term. */
export function batchRows({ settings, recipe }: Pick<Trainer, "settings" | "recipe">): number {
  let rows = Math.min(settings.batch, mostRows);
  while (rows < settings.batch && !hasWholeGroups(recipe.terms, rows)) rows++;
  return rows;
}

/** Randomness of a batch. */
export const batchKey = (key: Tensor, k: number): Tensor => foldIn(key, observationStreams.batches + k);

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

/** End time of the average velocity that a term learns: a velocity is one from s to s. */
export const endOf = ({ loss }: Term, { times: { s, t } }: Pick<TermDraws, "times">): Tensor =>
  loss.learns === "velocity" ? s : t;

/** ‖u − U‖² of a term, [rows]: the student against the exact average velocity at the points of the term. */
function errorOf(recipe: Recipe, i: number, input: StepInput, draws: TermDraws, exact: Tensor): Tensor {
  const u = studentOf(recipe, input)(draws.xs, draws.times.s, endOf(recipe.terms[i], draws));
  return squaredNorm(sub(u, exact));
}

/** The gradient of the recipe with ‖u − U‖² in the place of every loss: the target is exact. */
function exactGradient({ recipe }: Trainer, { at, input }: OpenedState<Tree>, exact: readonly (Tensor | null)[]): Tree {
  const loss = (trained: Trained<Tree>): Tensor => {
    const given = input(trained);
    const parts = recipe.terms.flatMap((term, i) => {
      const target = exact[i];
      if (target === null) return [];
      const draws = drawTerm(recipe, i, given)!;
      const value = weightedMean(term, errorOf(recipe, i, given, draws, target), given, draws);
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
    ...(exact === null ? {} : { error: errorOf(trainer.recipe, i, given, draws, exact) }),
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
