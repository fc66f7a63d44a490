import { lossOfVariant } from "@pushforward/training";

/** A name as the registry writes it, however its words are joined: "mean-flow" and "meanflow" are meanFlow. */
export function knownName(name: string, names: readonly string[]): string {
  const plain = (text: string): string => text.replace(/[-_]/g, "").toLowerCase();
  return names.find((known) => plain(known) === plain(name)) ?? name;
}

/** A variant whose loss is written as in the registry. */
export function knownVariant(name: string, losses: readonly string[]): string {
  const loss = lossOfVariant(name);
  return knownName(loss, losses) + name.slice(loss.length);
}
