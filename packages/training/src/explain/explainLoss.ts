import { type AnyLoss, describeTerm, printFormula, type Recipe } from "@pushforward/losses";
import { type LossProgram, lossProgram, type StopFigures, stopEffects } from "./lossProgram.ts";

/** The explanation of a loss: its formula, its program, and the effect of each of its stop-gradients. */
export interface Explanation extends LossProgram {
  readonly name: string;
  readonly label: string;
  /** LaTeX of the per-sample value, without the stop-gradients that are switched off. */
  readonly formula: string;
  /** How the gradient of a small random network changes without the stop-gradients of each label. */
  readonly effects: Readonly<Record<string, StopFigures>>;
}

/**
 * Explains a loss by its program on the smallest network that depends on everything.
 *
 * @param without labels of stop-gradients that are switched off in formula and program
 */
export const explainLoss = (loss: AnyLoss, without: readonly string[] = []): Explanation => ({
  name: loss.name,
  label: loss.label,
  formula: printFormula(loss.markedFormula, without),
  effects: stopEffects(loss),
  ...lossProgram(loss, without),
});

/** A recipe in words: a line for each term, with its loss, fraction of the batch, times and weights. */
export const explainRecipe = ({ terms }: Recipe): readonly string[] =>
  terms.map((term) => `${term.loss.name}: ${describeTerm(term).join("; ")}`);
