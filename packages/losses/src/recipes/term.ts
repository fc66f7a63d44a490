import { DomainError, mustBe, mustBeOneOf, optionsOf } from "@pushforward/tensor";
import { flowMatching } from "../flowMatching.ts";
import { checkGroupSize } from "../groups.ts";
import type { AnyLoss } from "../lossTypes.ts";
import type { TimeLaw } from "../timeLaws.ts";
import type { Weighting } from "../weights.ts";

/** One part of a training objective. */
export interface Term {
  readonly loss: AnyLoss;
  readonly timeLaw: TimeLaw;
  /** Fraction of the batch, in (0, 1]; the fractions of a recipe add up to 1. */
  readonly fraction: number;
  /** Factor of this term. */
  readonly weight: number;
  /** How per-sample values are weighted before they are averaged. */
  readonly weighting: Weighting;
  /** Which velocity the term's `v` is. */
  readonly velocity: "conditional" | "teacher";
  /** The velocity along which the loss takes its derivative: its v, or the student's own, U(X_s, s, s). */
  readonly tangent: "velocity" | "own";
  /**
   * The kind of X_s: noise and data interpolated; noise alone, (1 − s)·X_0; a sample of the student from the previous start time, noised to s; or a
   * point on the teacher's trajectory that begins as noise.
   */
  readonly start: "data" | "noise" | "student" | "trajectory";
  /** Labels of the stop-gradients of the loss that are switched off in this term. */
  readonly withoutStops: readonly string[];
  /** Number of consecutive samples at the same times, which the loss compares with each other; 1 for losses that compare none. */
  readonly group: number;
  /** Whether the term counts once the warm-up of the recipe is over; before that its factor is 0. */
  readonly afterWarmup: boolean;
}

/** Settings of a term: the loss is required, the others have defaults. */
export type TermSettings = Pick<Term, "loss"> & Partial<Omit<Term, "loss">>;

/**
 * A term with defaults: the whole batch, weight 1, the loss's own times and weighting, the velocity of single samples.
 *
 * @throws DTypeError unless `loss` is a loss, as `defineLoss` makes one
 */
export function term(settings: TermSettings): Term {
  const { loss } = optionsOf("term", settings);
  checkLossFields("term", "the loss", loss);
  const { timeLaw, weighting, group = 1 } = loss;
  return {
    ...{ fraction: 1, weight: 1, timeLaw, weighting, velocity: "conditional", tangent: "velocity" },
    ...{ start: "data", withoutStops: [], group, afterWarmup: false },
    ...settings,
  };
}

/**
 * Checks the fields of terms that every user of terms reads.
 *
 * @throws DTypeError that names the term
 */
export function checkTerms(operation: string, terms: readonly Term[]): void {
  mustBe(operation, "the terms", terms, "list");
  for (const [i, each] of terms.entries()) {
    mustBe(operation, `term ${i}`, each, "object");
    mustBe(operation, `fraction of term ${i}`, each.fraction, "number");
    checkLossFields(operation, `the loss of term ${i}`, each.loss);
    checkWithoutStops(`terms[${i}].withoutStops`, each);
    checkTangent(`terms[${i}].tangent`, each);
    checkGroup(`terms[${i}].group`, each);
    mustBe(operation, `afterWarmup of term ${i}`, each.afterWarmup ?? false, "boolean");
  }
}

/** @throws DomainError if a term switches off a stop-gradient that its loss does not have */
function checkWithoutStops(place: string, { loss, withoutStops }: Term): void {
  mustBe("recipe", place, withoutStops, "list");
  const unknown = withoutStops.find((label) => !loss.stops.includes(label));
  if (unknown === undefined) return;
  const must =
    loss.stops.length > 0
      ? mustBeOneOf(unknown, loss.stops)
      : `must be left out, since ${loss.name} has no stop-gradients`;
  throw new DomainError(`recipe: ${place} ${must}`);
}

/** @throws DomainError unless the tangent is a known one, and a term replaces the velocity only of a tangent that holds one */
function checkTangent(place: string, { loss, tangent }: Term): void {
  const known = ["velocity", "own"];
  if (!known.includes(tangent)) throw new DomainError(`recipe: ${place} ${mustBeOneOf(tangent, known)}`);
  if (tangent !== "own" || loss.along) return;
  throw new DomainError(
    `recipe: ${place} must be velocity, since ${loss.name} takes no derivative along v, got "own"; meanFlow and the other losses with along in their definition do`,
  );
}

/** @throws DomainError unless a group is a whole number of samples, more than one only for losses that compare samples */
function checkGroup(place: string, { loss, group = 1 }: Term): void {
  checkGroupSize(`recipe: ${place}`, group);
  if (group === 1 || loss.group > 1) return;
  throw new DomainError(
    `recipe: ${place} must be 1, since ${loss.name} compares no samples with each other, got ${group}`,
  );
}

/** Checks the parts of a loss that recipes use. */
export function checkLossFields(operation: string, name: string, loss: AnyLoss): void {
  mustBe(operation, name, loss, "object");
  mustBe(operation, `the body of ${name}`, loss.loss, "function");
  mustBe(operation, `the needs of ${name}`, loss.needs, "list");
  mustBe(operation, `the stops of ${name}`, loss.stops, "list");
}

/** Flow matching on a fraction of the batch, at uniform times: the anchor of every self-distillation. */
export function diagonalTerm(fraction: number): Term {
  mustBe("diagonalTerm", "the fraction", fraction, "number");
  return term({ loss: flowMatching, fraction });
}
