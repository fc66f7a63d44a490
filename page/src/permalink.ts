import * as z from "zod/mini";

/** Version of the links; a link of a later version is refused with a sentence. */
const version = 1;

/** How the state of a pane is written into a link, and read from it. */
export interface LinkFormat<State> {
  /** Texts of the state by key; a key may have several texts. */
  print(state: State): Readonly<Record<string, readonly string[]>>;
  /** The schema of these texts, whose output is the state; absent keys come as empty lists. */
  readonly schema: z.ZodMiniType<State>;
  readonly keys: readonly string[];
}

/** The state of a link, or a sentence that says why the link has none. */
export type ReadLink<State> = { readonly state: State } | { readonly problem: string };

/** The hash of keys with their texts, from `#` on, in this version. */
export const printHash = (pairs: readonly (readonly string[])[]): string =>
  `#${new URLSearchParams([["v", String(version)], ...pairs] as [string, string][])}`;

/** The hash of a state. */
export const printLink = <State>(format: LinkFormat<State>, state: State): string =>
  printHash(Object.entries(format.print(state)).flatMap(([key, texts]) => texts.map((text) => [key, text])));

/** The state of a hash; undefined for an empty one, so that the page shows its first scene. */
export function readLink<State>(format: LinkFormat<State>, hash: string): ReadLink<State> | undefined {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  if ([...params].length === 0) return undefined;
  const found = Number(params.get("v"));
  if (found > version)
    return { problem: `This link is from a later version of the page (${found}); reload the page or update it.` };
  if (found !== version) return { problem: "This link has no version, so it is not a link of this page." };
  const unknown = [...params.keys()].find((key) => key !== "v" && !format.keys.includes(key));
  if (unknown !== undefined) return { problem: `This link says "${unknown}", which this page does not know.` };
  const { success, data, error } = format.schema.safeParse(
    Object.fromEntries(format.keys.map((key) => [key, params.getAll(key)])),
  );
  if (success) return { state: data };
  const [{ path, message }] = error.issues;
  return { problem: `This link cannot be read: ${String(path[0])}: ${message}.` };
}

/** A text of a link that is there once, or not at all if it has a fallback. */
export const once = (fallback?: string) =>
  z.pipe(
    z
      .array(z.string())
      .check(z.refine(({ length }) => length === 1 || (length === 0 && fallback !== undefined), "must be there once")),
    z.transform(([text]: string[]): string => text ?? fallback!),
  );

/** The value of a text by `parse`; an issue with the message for a text without a value. */
export const parsed = <Value>(message: string, parse: (text: string) => Value | undefined) =>
  z.transform((text: string, { issues }): Value => {
    const value = parse(text);
    if (value === undefined) issues.push({ code: "custom", message, input: text });
    return value as Value;
  });
