import { type AnyLoss, printFormula } from "@pushforward/losses";
import { DomainError, mustBe, mustBeOneOf, optionsOf } from "@pushforward/tensor";
import { type LossFunctions, writeLoss } from "./lossFunction.ts";
import { docstring } from "./python/docstring.ts";
import type { Target } from "./target.ts";
import { type TargetName, targetOf } from "./targets.ts";
import { writeFile } from "./writeFile.ts";

/** Options of exportLoss. */
export interface ExportLossOptions {
  readonly to: TargetName;
  /** Labels of stop-gradients that are left out. */
  readonly withoutStops?: readonly string[];
  /** The formula as text for a reader; default its LaTeX. */
  readonly formula?: string;
}

/**
 * A loss as source of another framework: `loss` of one sample with the network as its parameter `u`, and `batch_loss`.
 *
 *   exportLoss(losses.meanFlow, { to: "jax" })
 *
 * @throws DomainError about an unknown target or label, a primitive that the target does not have, and a loss whose program depends on
 *   the number of coordinates
 */
export const exportLoss = (loss: AnyLoss, options: ExportLossOptions): string => writtenLoss(loss, options).text;

/**
 * The text of exportLoss with its functions.
 *
 * @throws DomainError as exportLoss does
 */
export function writtenLoss(loss: AnyLoss, options: ExportLossOptions): { text: string; functions: LossFunctions } {
  const { to, withoutStops = [], formula } = optionsOf("exportLoss", options);
  mustBe("exportLoss", "the loss", loss, "object");
  const target = targetOf("exportLoss", to);
  for (const label of withoutStops)
    if (!loss.stops.includes(label))
      throw new DomainError(`exportLoss: the stop-gradient of ${loss.name} ${mustBeOneOf(label, loss.stops)}`);
  const functions = writeLoss(loss, target, withoutStops);
  const text = writeFile({
    target,
    description: describeLoss(loss, target, formula ?? printFormula(loss.markedFormula, withoutStops), withoutStops),
    functions: [functions.loss, functions.batchLoss],
  });
  return { text, functions };
}

/** The head of the file of a loss. */
function describeLoss(
  { label, paper }: AnyLoss,
  target: Target,
  formula: string,
  without: readonly string[],
): string[] {
  const source = paper ? ` (${paper.cite}, arXiv ${paper.arxiv})` : "";
  const stops = without.length > 0 ? [`Without the stop-gradient ${without.join(", ")}.`] : [];
  return docstring([
    `${label}${source} as ${target.title}.`,
    "",
    `    ${formula}`,
    "",
    ...stops,
    "Time runs from noise (t = 0) to data (t = 1): v = data - noise. Where a network runs from data to noise,",
    "pass lambda x, s, t: -u(x, 1 - s, 1 - t).",
  ]);
}
