import { type AnyLoss, type LossName, losses, variantName } from "@pushforward/losses";
import { DomainError, didYouMean, quote } from "@pushforward/tensor";
import { gradientWithout } from "@pushforward/training";

/**
 * Checks that stop-gradients to switch off are there.
 *
 * @throws DomainError that lists those there are
 */
export function checkStops(operation: string, without: readonly string[], stops: readonly string[]): void {
  const unknown = without.find((label) => !stops.includes(label));
  if (unknown === undefined) return;
  const known = stops.length > 0 ? `must be among ${[...stops].sort().join(", ")}` : "must be left out, there are none";
  throw new DomainError(`${operation}: --without-stops ${known}, got ${quote(unknown)}${didYouMean(unknown, stops)}`);
}

/** The loss of this name in the registry; undefined for the teacher and other objectives. */
export const registered = (name: string): AnyLoss | undefined =>
  Object.hasOwn(losses, name) ? losses[name as LossName] : undefined;

/** What a result calls a trained objective: the variant of its loss, `meanFlow@-target`, or its own name. */
export function trainedName(name: string, without: readonly string[] = []): string {
  const loss = registered(name);
  return loss ? variantName(loss, without) : name;
}

/** Which known loss each of some losses becomes without its stop-gradients, in words; nothing where it is none. */
function becomes(name: string, without: readonly string[]): string[] {
  const loss = registered(name);
  if (!loss) return [];
  const off = without.filter((label) => loss.stops.includes(label));
  const { sameAs } = gradientWithout(loss, off, Object.values(losses));
  return off.length > 0 && sameAs.length > 0 ? [`${variantName(loss, off)} has that of ${sameAs.join(", ")}`] : [];
}

/**
 * What a result says of switched-off stop-gradients: a sentence, or nothing.
 *
 * @param names of the losses that were trained
 */
export function stopsSentence(without: readonly string[] = [], names: readonly string[] = []): string {
  if (without.length === 0) return "";
  const labels = without.map((label) => `"${label}"`).join(", ");
  const known = names.flatMap((name) => becomes(name, without)).join("; ");
  return ` With ${labels} not stopped: the value is the same, the gradient another${known && ` (${known})`}.`;
}
