import { type AnyLoss, type LossName, losses, variantName } from "@pushforward/losses";
import { DomainError, didYouMean, quote } from "@pushforward/tensor";
import { gradientWithout } from "@pushforward/training";

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

/** The loss of this name in the registry; undefined for the teacher and other objectives. */
export const registeredLoss = (name: string): AnyLoss | undefined =>
  Object.hasOwn(losses, name) ? losses[name as LossName] : undefined;

/** Name of a trained loss in results: `meanFlow`, or a variant such as `meanFlow@-target`. */
export function trainedName(name: string, without: readonly string[] = []): string {
  const loss = registeredLoss(name);
  return loss ? variantName(loss, without) : name;
}

/** The losses whose gradient a loss has without its stop-gradients, in words; empty if there is none. */
function equalGradients(name: string, without: readonly string[]): string[] {
  const loss = registeredLoss(name);
  if (!loss) return [];
  const off = without.filter((label) => loss.stops.includes(label));
  const { sameAs } = gradientWithout(loss, off, Object.values(losses));
  return off.length > 0 && sameAs.length > 0
    ? [`${variantName(loss, off)} has the gradient of ${sameAs.join(", ")}`]
    : [];
}

/**
 * A sentence on switched-off stop-gradients for the summary of a result; empty if all are on.
 *
 * @param names of the losses that were trained
 */
export function stopsSentence(without: readonly string[] = [], names: readonly string[] = []): string {
  if (without.length === 0) return "";
  const labels = without.map((label) => `"${label}"`).join(", ");
  const known = names.flatMap((name) => equalGradients(name, without)).join("; ");
  return ` Without the stop-gradient at ${labels} the value of the loss is the same, but its gradient differs${known && ` (${known})`}.`;
}
