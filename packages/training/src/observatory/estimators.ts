import type { Recipe, Term } from "@pushforward/losses";
import type { Tree } from "@pushforward/tensor";
import { startsFromTeacher } from "../trainer/exactTeacher.ts";
import type { StepInput } from "../trainer/stepInput.ts";
import type { Trainer } from "../trainer/trainer.ts";
import type { OpenedState } from "../trainer/update.ts";
import { exactFlowOf, learnsFlowOfProblem } from "./exactFlowOf.ts";

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
export const withVelocity = (recipe: Recipe, kind: VelocityKind | undefined): Recipe => {
  if (kind === undefined) return recipe;
  const velocity = kind === "conditional" ? "conditional" : "teacher";
  return { ...recipe, terms: recipe.terms.map((term) => ({ ...term, velocity })) };
};

/** A trainer with the velocity and the stops of an estimator. */
export const trainerOf = (trainer: Trainer, { velocity, without }: Estimator): Trainer => ({
  ...trainer,
  recipe: withVelocity(trainer.recipe, velocity),
  settings: {
    ...trainer.settings,
    withoutStops: [...(trainer.settings.withoutStops ?? []), ...(without === undefined ? [] : [without])],
  },
});

/** An opened state whose other velocity is the exact one, where that is known. The teacher stays in all its other uses. */
export function openedFor(
  trainer: Trainer,
  { velocity }: Pick<Estimator, "velocity">,
  opened: OpenedState<Tree>,
): OpenedState<Tree> {
  const exact = exactFlowOf(trainer)?.velocity as StepInput["targetVelocity"];
  if (velocity !== "exact" || !exact) return opened;
  return { ...opened, input: (at) => ({ ...opened.input(at), targetVelocity: exact }) };
}
