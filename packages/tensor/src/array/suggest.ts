import { distance } from "fastest-levenshtein";
import { quote, shorten } from "./quote.ts";

/** Most names that a message lists; from a longer list it names only the closest. */
const listedNames = 16;

/** Most characters of a name that is compared: longer text is not a typing mistake. */
const longestName = 64;

/** A name in lower case without the characters that join its words. */
const plain = (name: string): string => name.replace(/[-_.\s]/g, "").toLowerCase();

/**
 * Known names that a mistyped one may stand for: those with the fewest changed letters, at most a third of the name or two swapped letters, else those that begin with it.
 *
 * @returns three names at most, the closest first
 */
export function closestNames(given: string, names: readonly string[]): string[] {
  const typed = plain(given);
  if (typed === "" || typed.length > longestName) return [];
  const distances = names.map((name) => distance(typed, plain(name)));
  const best = distances.reduce((a, b) => Math.min(a, b), Infinity);
  const isClose = best <= Math.max(typed.length > 3 ? 2 : 1, Math.floor(typed.length / 3)); // two swapped letters are two changes
  const close = isClose ? names.filter((_, i) => distances[i] === best) : [];
  const longer = typed.length > 1 ? names.filter((name) => plain(name).startsWith(typed)) : [];
  return (close.length > 0 ? close : longer).slice(0, 3);
}

const either = (names: readonly string[]): string =>
  names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} or ${names[names.length - 1]}`;

/** The end of a message about an unknown name: `; did you mean meanFlow?`, or nothing where no name is close. */
export function didYouMean(given: unknown, names: readonly string[]): string {
  const close = typeof given === "string" ? closestNames(given, names) : [];
  return close.length > 0 ? `; did you mean ${either(close)}?` : "";
}

/**
 * The part of a message about an unknown name: `must be one of euler, heun, got "huen"; did you mean heun?`. A long list is counted
 * instead.
 *
 * @param where says where a long list stands: "pushforward losses lists them"
 */
export function mustBeOneOf(given: unknown, names: readonly string[], where?: string): string {
  const suggestion = didYouMean(given, names);
  const all =
    names.length <= listedNames
      ? names.map(shorten).join(", ")
      : `${names.length} names${suggestion === "" ? `, such as ${names.slice(0, 3).map(shorten).join(", ")}` : ""}${where ? ` (${where})` : ""}`;
  return `must be one of ${all}, got ${quote(given)}${suggestion}`;
}
