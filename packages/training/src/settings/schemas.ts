import * as z from "zod/mini";

/** A whole number between two bounds. */
export function whole(low: number, high: number) {
  const error = `must be a whole number from ${low} to ${high}`;
  return z.number({ error }).check(z.int({ error }), z.gte(low, { error }), z.lte(high, { error }));
}

/** A number in an interval, which the words describe. */
export function real(words: string, isInside: (value: number) => boolean) {
  const error = `must be a number ${words}`;
  return z.number({ error }).check(z.refine(isInside, { error }));
}

/** One of some names. */
export const oneOf = <Name extends string>(names: readonly Name[]) => z.enum(names as unknown as [Name, ...Name[]]);

/** A text that is not empty. */
export function text(error: string) {
  return z.string({ error }).check(z.minLength(1, { error }));
}

/** A list of different items of a schema, at least one. */
export const listOf = <Item extends z.ZodMiniType<string>>(item: Item, one: string, many: string) =>
  z
    .array(item, { error: `must be a list of ${many}` })
    .check(z.minLength(1, { error: `must name at least one ${one}` }))
    .check(
      z.refine((chosen) => new Set(chosen).size === chosen.length, {
        error: "must all be different, since each gets a folder of its name",
      }),
    );

/** A list of different names out of some, at least one. */
export const namesOutOf = (names: readonly string[], one: string, many: string) => listOf(oneOf(names), one, many);
