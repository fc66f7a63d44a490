import { quote } from "../array/quote.ts";

/** Separators by name, in the order in which they are tried. */
export const csvSeparators = { comma: ",", semicolon: ";", tab: "\t", pipe: "|", space: " " } as const;

/** Characters that cannot separate cells, since numbers, quotes and lines need them. */
const taken = /[\w"'.+\-\r\n\\]/;

/**
 * The character of a separator.
 *
 * @param separator comma, semicolon, tab, pipe, space, or one character that is no part of a number
 * @returns undefined for anything else
 */
export function separatorOf(separator: string): string | undefined {
  if (Object.hasOwn(csvSeparators, separator)) return csvSeparators[separator as keyof typeof csvSeparators];
  if (separator === "\\t") return "\t";
  const isOne = separator.length === 1 && separator.charCodeAt(0) < 128;
  return isOne && !taken.test(separator) ? separator : undefined;
}

/** The name of a separator for messages. */
export const separatorName = (separator: string): string =>
  Object.entries(csvSeparators).find(([, character]) => character === separator)?.[0] ?? quote(separator);
