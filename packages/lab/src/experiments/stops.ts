import { type AnyLoss, type LossName, losses } from "@pushforward/losses";
import { DomainError, didYouMean, quote } from "@pushforward/tensor";
import { gradientWithout, lossOfVariant, type PresetChoices, printVariant } from "@pushforward/training";
import { mainLoss, mainTerm, recipeOf, type Sources } from "../sources/source.ts";
import { stopsOfLoss, trainedRecipe, variantNamed } from "../training/trainedRecipe.ts";

/**
 * Checks that the stop-gradients to switch off exist.
 *
 * @throws DomainError that lists the stop-gradients of the losses
 */
export function checkStops(operation: string, without: readonly string[], stops: readonly string[]): void {
  const unknown = without.find((label) => !stops.includes(label));
  if (unknown === undefined) return;
  const known = stops.length > 0 ? `must be among ${[...stops].sort().join(", ")}` : "must be left out, there are none";
  throw new DomainError(`${operation}: --without-stops ${known}, got ${quote(unknown)}${didYouMean(unknown, stops)}`);
}

/** The loss of a variant in the registry; undefined for the teacher and other objectives. */
export function registeredLoss(name: string): AnyLoss | undefined {
  const loss = lossOfVariant(name);
  return Object.hasOwn(losses, loss) ? losses[loss as LossName] : undefined;
}

/** The loss of a training by name, the stop-gradients that are switched off in it, and the recipes of files. */
export interface Trained {
  readonly loss: string;
  readonly withoutStops?: readonly string[];
  readonly sources?: Sources;
}

/** The main loss of a training, of the registry or of a file's recipe, with its tangent; undefined for the teacher. */
export const lossOf = (trained: Trained & PresetChoices): AnyLoss | undefined => {
  const name = lossOfVariant(trained.loss);
  const isKnown = Object.hasOwn(trained.sources ?? {}, name) || registeredLoss(name) !== undefined;
  return isKnown ? mainLoss(trainedRecipe(trained)) : undefined;
};

/** Labels of the stop-gradients that are off in the main loss of a training: by its settings, and by the recipe of its file. */
export function switchedOff({ loss, withoutStops = [], sources = {} }: Trained): readonly string[] {
  const name = lossOfVariant(loss);
  const written = Object.hasOwn(sources, name) ? mainTerm(recipeOf(name, sources[name])).withoutStops : [];
  return [...new Set([...written, ...withoutStops])];
}

/** Name of a trained loss in results: `meanFlow`, or a variant such as `meanFlow@-target`. */
export function trainedName({ loss, withoutStops = [], sources }: Trained): string {
  const off = stopsOfLoss(lossOfVariant(loss), sources).filter((label) => withoutStops.includes(label));
  return printVariant({ ...variantNamed(loss, sources), withoutStops: off });
}

/** The losses whose gradient a loss has without its stop-gradients, in words; empty if there is none. */
function equalGradients({ loss: name, withoutStops = [] }: Trained): string[] {
  const loss = registeredLoss(name);
  if (!loss) return [];
  const off = withoutStops.filter((label) => loss.stops.includes(label));
  const { sameAs } = gradientWithout(loss, off, Object.values(losses));
  return off.length > 0 && sameAs.length > 0
    ? [`${trainedName({ loss: loss.name, withoutStops: off })} has the gradient of ${sameAs.join(", ")}`]
    : [];
}

/** A sentence on switched-off stop-gradients for the summary of a result; empty if all are on. */
export function stopsSentence(trainings: readonly Trained[]): string {
  const without = [...new Set(trainings.flatMap(switchedOff))];
  if (without.length === 0) return "";
  const labels = without.map((label) => `"${label}"`).join(", ");
  const known = [...new Set(trainings.flatMap(equalGradients))].join("; ");
  return ` Without the stop-gradient at ${labels} the value of the loss is the same, but its gradient differs${known && ` (${known})`}.`;
}
