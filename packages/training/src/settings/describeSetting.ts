import { decimalOf } from "@pushforward/tensor";
import * as z from "zod/mini";
import type { Setting, SettingTable } from "./setting.ts";

/** The schema of given values: without default, and not optional. */
export function schemaOfGiven(schema: z.ZodMiniType): z.ZodMiniType {
  const hasDefault = schema instanceof z.ZodMiniDefault || schema instanceof z.ZodMiniPrefault;
  return hasDefault || schema instanceof z.ZodMiniOptional
    ? schemaOfGiven(schema.def.innerType as z.ZodMiniType)
    : schema;
}

/** The value of a setting that is not given; undefined where there is none. */
export const defaultOf = ({ schema }: Pick<Setting, "schema">): unknown => schema.safeParse(undefined).data;

/** The value of a setting that is not given beside other settings. */
export const defaultBeside = (
  setting: Pick<Setting, "schema" | "follows">,
  given: Readonly<Record<string, unknown>>,
): unknown => setting.follows?.(given) ?? defaultOf(setting);

/** Given settings with those filled in whose default follows from them; anything but an object is left to the schema. */
export function withFollowing(table: SettingTable, given: unknown): unknown {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  const values = given as Readonly<Record<string, unknown>>;
  const followed = Object.entries(table).flatMap(([name, { follows }]) => {
    const value = values[name] === undefined ? follows?.(values) : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return { ...values, ...Object.fromEntries(followed) };
}

/** The names out of which a setting is one; undefined for a setting that is no name out of a list. */
export function namesAllowed({ schema }: Pick<Setting, "schema">): readonly string[] | undefined {
  const given = schemaOfGiven(schema);
  return given instanceof z.ZodMiniEnum ? given.options.map(String) : undefined;
}

/** The allowed values in words, such as "a whole number from 1 to 16": what the refusal of another value says. */
export function allowedOf(setting: Pick<Setting, "schema">): string {
  const names = namesAllowed(setting);
  if (names) return `one of ${names.join(", ")}`;
  const refusal = setting.schema.safeParse({}).error?.issues[0].message ?? "";
  return refusal.replace(/^must (be )?/, "");
}

/** A setting with another default. */
export const withDefault = <Schema extends z.ZodMiniType>(
  setting: Setting<Schema>,
  value: NonNullable<z.output<Schema>>,
): Setting<z.ZodMiniDefault<z.ZodMiniType<NonNullable<z.output<Schema>>>>> => ({
  ...setting,
  schema: z._default(schemaOfGiven(setting.schema) as z.ZodMiniType<NonNullable<z.output<Schema>>>, value as never),
});

/**
 * The value that a text stands for: a number or a truth value for a setting that is one, lists taken apart at commas. Other text is left as it is,
 * and its setting refuses it.
 */
export function valueOfText({ schema }: Pick<Setting, "schema">, text: string): unknown {
  const given = schemaOfGiven(schema);
  if (given instanceof z.ZodMiniNumber) return decimalOf(text) ?? text;
  if (given instanceof z.ZodMiniBoolean) return text === "true" || (text === "false" ? false : text);
  return given instanceof z.ZodMiniArray ? text.split(",").map((each) => each.trim()) : text;
}
