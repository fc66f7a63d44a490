import { DomainError } from "@pushforward/tensor";

/**
 * Checks that stop-gradients to switch off are there.
 *
 * @throws DomainError that lists those there are
 */
export function checkStops(operation: string, without: readonly string[], stops: readonly string[]): void {
  const unknown = without.find((label) => !stops.includes(label));
  if (unknown === undefined) return;
  const known = stops.length > 0 ? `must be among ${[...stops].sort().join(", ")}` : "must be left out, there are none";
  throw new DomainError(`${operation}: --without-stops ${known}, got ${JSON.stringify(unknown)}`);
}

/** What a result says of switched-off stop-gradients: a sentence, or nothing. */
export const stopsSentence = (without: readonly string[] = []): string =>
  without.length === 0
    ? ""
    : ` With ${without.map((label) => `"${label}"`).join(", ")} not stopped: the value is the same, the gradient another.`;
