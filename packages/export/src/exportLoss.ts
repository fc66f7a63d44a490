import { type AnyLoss, printFormula } from "@pushforward/losses";
import { DomainError, mustBe, mustBeOneOf, optionsOf } from "@pushforward/tensor";
import { writeLoss } from "./lossFunction.ts";
import { docstring } from "./python/docstring.ts";
import type { Target } from "./target.ts";
import { type TargetName, targets } from "./targets.ts";
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
export function exportLoss(loss: AnyLoss, options: ExportLossOptions): string {
  const { to, withoutStops = [], formula } = optionsOf("exportLoss", options);
  mustBe("exportLoss", "the loss", loss, "object");
  if (!Object.hasOwn(targets, to)) throw new DomainError(`exportLoss: to ${mustBeOneOf(to, Object.keys(targets))}`);
  for (const label of withoutStops)
    if (!loss.stops.includes(label))
      throw new DomainError(`exportLoss: the stop-gradient of ${loss.name} ${mustBeOneOf(label, loss.stops)}`);
  const target: Target = targets[to];
  const { loss: one, batchLoss } = writeLoss(loss, target, withoutStops);
  return writeFile({
    target,
    description: describeLoss(loss, target, formula ?? printFormula(loss.markedFormula, withoutStops), withoutStops),
    functions: [one, batchLoss],
  });
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
