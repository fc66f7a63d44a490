import { debugNans, NanError, type NanOrigin, withStops } from "@pushforward/autodiff";
import { DomainError, type Tensor } from "@pushforward/tensor";
import { plainGradient, type Trained } from "./gradients.ts";
import { drawTerm, evaluateTerm, weightedMean } from "./recipeLoss.ts";
import type { Trainer } from "./trainer.ts";
import type { TrainState } from "./trainState.ts";

/** A step of a training: the state before it and its number, from 0. */
export interface StepStart<P> {
  readonly state: TrainState<P>;
  readonly index: number;
}

/** The operation of a loss that made the first number that is not finite. */
export interface NonFinite extends Pick<NanOrigin, "primitive" | "source" | "backwardOf" | "value"> {
  /** The step, from 1, and the loss of the term. */
  readonly step: number;
  readonly loss: string;
  /** Row of the batch and its times, where the operation has one result per row. */
  readonly row?: number;
  readonly s?: number;
  readonly t?: number;
}

/**
 * The first number that is not finite in the losses of some steps and in their gradients, found by evaluating them again, operation by
 * operation. Auxiliary networks are those before the step.
 *
 * @param steps in their order; where a gradient was not finite, the loss is not finite one step later
 * @returns undefined if all losses and gradients are finite: the optimiser or a network beside the student is the cause
 */
export function firstNonFinite<P>(trainer: Trainer<P>, steps: readonly StepStart<P>[]): NonFinite | undefined {
  for (const start of steps) {
    for (const i of trainer.recipe.terms.keys()) {
      const found = inTerm(trainer, start, i);
      if (found) return found;
    }
  }
  return undefined;
}

/** The first such number in one term of one step. */
function inTerm<P>(trainer: Trainer<P>, { state, index }: StepStart<P>, i: number): NonFinite | undefined {
  const { recipe, settings } = trainer;
  const { at, input } = trainer.open(state, trainer.teacher ?? null, trainer.keyOf(index));
  const draws = drawTerm(recipe, i, input(at));
  if (draws === undefined) return undefined;
  const loss = (trained: Trained<P>): Tensor => {
    const given = input(trained);
    const { values, draws: own } = evaluateTerm(recipe, i, given)!;
    return weightedMean(recipe.terms[i], values, given, own);
  };
  try {
    withStops(settings.withoutStops ?? [], () => debugNans(() => plainGradient(loss, at), { infinities: true })());
    return undefined;
  } catch (error) {
    if (!(error instanceof NanError)) throw error;
    const { primitive, source, backwardOf, value } = error;
    const where = rowOf(error, draws.data.shape[0]);
    const timeOf = (times: Tensor): number => times.dataSync()[where!];
    const row = where === undefined ? {} : { row: where, s: timeOf(draws.times.s), t: timeOf(draws.times.t) };
    return { step: index + 1, loss: recipe.terms[i].loss.name, primitive, source, backwardOf, value, ...row };
  }
}

/** The row of a value, if the result has one entry per row. */
function rowOf({ index, shape }: NanError, rows: number): number | undefined {
  const size = shape.reduce((product, each) => product * each, 1);
  return shape[0] === rows ? Math.floor(index / (size / rows)) : undefined;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** A sentence about the first number that is not finite. */
export function describeNonFinite(found: NonFinite | undefined): string {
  if (found === undefined) {
    return "all operations of the losses and of their gradients are finite; look at the learning rate and at networks beside the student";
  }
  const { step, loss, primitive, source, backwardOf, value, row, s, t } = found;
  const what = Number.isNaN(value) ? "NaN" : "infinity";
  const backward = backwardOf === undefined ? "" : ` in the backward pass of "${backwardOf}"`;
  const place = source === undefined ? "" : ` (${source})`;
  const times = row === undefined ? "" : `, in row ${row} at s = ${short(s!)}, t = ${short(t!)}`;
  return `in step ${step} of ${loss} the operation "${primitive}"${backward}${place} made the first ${what}${times}`;
}

/** The cause of a loss that is not finite in a sentence, where the settings ask for it. */
export const causeOfDivergence = <P>(
  trainer: Trainer<P>,
  steps: readonly (StepStart<P> | undefined)[],
): string | undefined =>
  trainer.settings.debugNans
    ? describeNonFinite(
        firstNonFinite(
          trainer,
          steps.filter((step) => step !== undefined),
        ),
      )
    : undefined;

/** The error of a training whose loss stopped being finite. */
export const diverged = (
  { recipe, settings }: Pick<Trainer<unknown>, "recipe" | "settings">,
  step: number,
  cause: string | undefined,
): DomainError =>
  new DomainError(
    `train: the loss of ${recipe.name} stopped being finite at step ${step}; ${cause ?? `try a learningRate below ${settings.learningRate}, or find the cause with debugNans`}`,
  );
