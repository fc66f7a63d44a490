import type { FlowMapForm } from "@pushforward/flows";
import { DomainError, mustBe, optionsOf } from "@pushforward/tensor";
import { flowMatching } from "../flowMatching.ts";
import type { AnyLoss, Paper } from "../lossTypes.ts";
import type { TimeLaw } from "../timeLaws.ts";
import type { Weighting } from "../weights.ts";

/** One part of a training objective. */
export interface Term {
  readonly loss: AnyLoss;
  readonly timeLaw: TimeLaw;
  /** Part of the batch, in (0, 1]; the fractions of a recipe add up to 1. */
  readonly fraction: number;
  /** Factor of this term. */
  readonly weight: number;
  /** How per-sample values are weighted before they are averaged. */
  readonly weighting: Weighting;
  /** Which velocity the term's `v` is. */
  readonly velocity: "conditional" | "teacher";
  /**
   * What X_s is: noise and data interpolated, noise alone, (1 − s)·X_0, or a sample that the student made from the start time before,
   * noised to s.
   */
  readonly start: "data" | "noise" | "student";
}

/** How a second network learns along with the student, in alternation. */
export interface Alternation {
  /** Its updates before each of the student's. */
  readonly updates: number;
  /** Its learning rate over that of the training. */
  readonly rate: number;
  /** Times at which it learns: s where samples are made from, t where they are noised to. */
  readonly timeLaw: TimeLaw;
}

/** How ψ learns the velocity of the student's own samples. */
export interface FakeVelocity extends Alternation {
  /** Whether ψ is told the time s that a sample was made from. */
  readonly seesStart: boolean;
  /** λ in ‖ψ − Ẋ‖² + λ‖ψ − teacher‖². */
  readonly pull: number;
}

/**
 * A paper's method as data. The objective is the mean over the whole batch, of which each term takes its fraction of rows:
 *
 *   Σ fraction · weight · mean(weighting(loss))
 */
export interface Recipe {
  readonly name: string;
  /** Later terms may rely on earlier ones; the last is what the recipe is named for. */
  readonly terms: readonly Term[];
  /** Decay of the averaged parameters, for targets that use them and for sampling. */
  readonly emaDecay: number;
  /** A solver of the teacher's flow, for losses that need `solve`. */
  readonly solver: "euler" | "heun" | null;
  /** Steps of that solver between the two times of a loss. */
  readonly solverSteps: number;
  /** What the trained network stands for where its losses leave that open. */
  readonly form: FlowMapForm;
  /**
   * Largest angular frequency of the times that enter the network, radians per unit of time; null leaves it to the network. A loss that
   * trusts the derivative in time everywhere, without an anchor on the diagonal, follows fast features away from the solution; one that
   * carries what it knows from short ways to long ones does so faster along slow ones.
   */
  readonly maxFrequency: number | null;
  /** How `warmup` grows: linearly over these steps up to `max`; null where no loss needs it. */
  readonly warmup: { readonly steps: number; readonly max: number } | null;
  /**
   * Into how many equal parts the training falls. Each but the first takes the student of the one before as `teacherMap`; the first
   * takes one solver step of the teacher.
   */
  readonly stages: number;
  /** Whether all terms pull on the last layer with the force of the last one, instead of by their weights alone. */
  readonly balance: "none" | "gradientNorm";
  /** The student's learning rate over that of the training. */
  readonly rate: number;
  /** How the student starts: with velocity zero, or as the teacher. */
  readonly init: "zero" | "teacher";
  /** How ψ learns, starting as the teacher; null where no loss needs it. */
  readonly fakeVelocity: FakeVelocity | null;
  /** How the critic learns to tell data from samples; null where no loss needs it or a density ratio. */
  readonly critic: Alternation | null;
  readonly paper: Paper | null;
}

/** What a term must name; the rest has defaults. */
export type TermSettings = Pick<Term, "loss"> & Partial<Omit<Term, "loss">>;

/**
 * A term with defaults: the whole batch, weight 1, the loss's own times and weighting, the velocity of single samples.
 *
 * @throws DTypeError unless `loss` is a loss, as `defineLoss` makes one
 */
export function term(settings: TermSettings): Term {
  const { loss } = optionsOf("term", settings);
  checkLoss("term", "the loss", loss);
  const { timeLaw, weighting } = loss;
  return { fraction: 1, weight: 1, timeLaw, weighting, velocity: "conditional", start: "data", ...settings };
}

/** What a recipe must name; the rest has defaults. */
export type RecipeSettings = Pick<Recipe, "terms"> & Partial<Omit<Recipe, "terms">>;

/** What most papers have in common; the decay of averaged parameters is ours where a paper gives none. */
const defaults = {
  emaDecay: 0.999,
  solver: null,
  solverSteps: 1,
  form: "firstOrder",
  maxFrequency: null,
  warmup: null,
  stages: 1,
  balance: "none",
  rate: 1,
  init: "zero",
  fakeVelocity: null,
  critic: null,
} as const satisfies Partial<Recipe>;

/** How far the sum of fractions may be from 1: thirds are no binary fractions. */
const shareTolerance = 1e-9;

/**
 * A recipe with defaults. Unless it says otherwise it has the name and the paper of its last loss.
 *
 * @throws DomainError if there is no term, or the fractions do not add up to 1
 */
export function recipe(settings: RecipeSettings): Recipe {
  const { terms } = optionsOf("recipe", settings);
  checkTerms("recipe", terms);
  const last = terms.at(-1);
  if (last === undefined) throw new DomainError("recipe: terms must hold at least one term, got none");
  const total = terms.reduce((sum, { fraction }) => sum + fraction, 0);
  if (Math.abs(total - 1) > shareTolerance) {
    throw new DomainError(`recipe: the fractions of all terms must add up to 1, got ${total}`);
  }
  const { name, paper } = last.loss;
  return { ...defaults, name, paper, ...settings };
}

/**
 * Checks what every use of terms relies on.
 *
 * @throws DTypeError that names the term
 */
export function checkTerms(operation: string, terms: readonly Term[]): void {
  mustBe(operation, "the terms", terms, "list");
  for (const [i, each] of terms.entries()) {
    mustBe(operation, `term ${i}`, each, "object");
    mustBe(operation, `fraction of term ${i}`, each.fraction, "number");
    checkLoss(operation, `the loss of term ${i}`, each.loss);
  }
}

function checkLoss(operation: string, name: string, loss: AnyLoss): void {
  mustBe(operation, name, loss, "object");
  mustBe(operation, `the body of ${name}`, loss.loss, "function");
  mustBe(operation, `the needs of ${name}`, loss.needs, "list");
}

/** Flow matching on a fraction of the batch, at uniform times: the anchor of every self-distillation. */
export function diagonalTerm(fraction: number): Term {
  mustBe("diagonalTerm", "the fraction", fraction, "number");
  return term({ loss: flowMatching, fraction });
}

/**
 * Consecutive rows of a batch for each term, whole and covering: [start, stop). A term with a fraction has at least one row; where a batch is
 * too small, terms have rows in common, so that the objective has the expectation of a large batch.
 */
export function rowsOfTerms(terms: readonly Term[], batch: number): [start: number, stop: number][] {
  checkTerms("rowsOfTerms", terms);
  mustBe("rowsOfTerms", "the batch", batch, "number");
  const ends = terms.map((_, i) =>
    Math.round(batch * terms.slice(0, i + 1).reduce((sum, { fraction }) => sum + fraction, 0)),
  );
  return ends.map((end, i) => {
    const start = i === 0 ? 0 : ends[i - 1];
    if (end > start || terms[i].fraction === 0 || batch === 0) return [start, end];
    const row = Math.min(start, batch - 1);
    return [row, row + 1];
  });
}
