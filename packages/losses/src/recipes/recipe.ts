import type { FlowMapForm } from "@pushforward/flows";
import { mustBe, optionsOf } from "@pushforward/tensor";
import type { LossName } from "../losses.ts";
import type { Paper } from "../lossTypes.ts";
import type { TimeLaw } from "../timeLaws.ts";
import type { Weighting } from "../weights.ts";

/** One part of a training objective. */
export interface Term {
  readonly loss: LossName;
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

/** Settings of a term that may be left out. */
type TermDefaults = "fraction" | "weight" | "weighting" | "velocity" | "start";

/** A term with defaults: the whole batch, weight 1, no weighting, the velocity of single samples. */
export const term = (settings: Omit<Term, TermDefaults> & Partial<Pick<Term, TermDefaults>>): Term => ({
  fraction: 1,
  weight: 1,
  weighting: { kind: "none" },
  velocity: "conditional",
  start: "data",
  ...optionsOf("term", settings),
});

/** Flow matching on a fraction of the batch, at uniform times: the anchor of every self-distillation. */
export function diagonalTerm(fraction: number): Term {
  mustBe("diagonalTerm", "the fraction", fraction, "number");
  return term({ loss: "flowMatching", timeLaw: { kind: "diagonal", start: { kind: "uniform" } }, fraction });
}

/**
 * Consecutive rows of a batch for each term, whole and covering: [start, stop). A term with a fraction has at least one row; where a batch is
 * too small, terms have rows in common, so that the objective has the expectation of a large batch.
 */
export function rowsOfTerms(terms: readonly Term[], batch: number): [start: number, stop: number][] {
  mustBe("rowsOfTerms", "the terms", terms, "list");
  mustBe("rowsOfTerms", "the batch", batch, "number");
  for (const [i, each] of terms.entries()) {
    mustBe("rowsOfTerms", `term ${i}`, each, "object");
    mustBe("rowsOfTerms", `fraction of term ${i}`, each.fraction, "number");
  }
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
