import { type LossName, losses } from "../losses.ts";
import { type Recipe, type Term, term } from "./recipe.ts";

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

/** A recipe named for its last loss, with that loss's own times unless a term says otherwise. */
export function recipe(
  name: LossName,
  terms: readonly Term[],
  settings: Partial<Omit<Recipe, "name" | "terms" | "paper">> = {},
): Recipe {
  return { name, terms, ...defaults, paper: losses[name].paper, ...settings };
}

/** The loss alone, at its own times and with its own weighting. */
export const alone = (name: LossName, settings: Partial<Term> = {}): Term =>
  term({ loss: name, timeLaw: losses[name].timeLaw, weighting: losses[name].weighting, ...settings });
