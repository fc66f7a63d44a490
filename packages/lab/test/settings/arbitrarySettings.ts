import { namesAllowed, type Setting, type SettingTable, schemaOfGiven } from "@pushforward/training";
import fc from "fast-check";
import * as z from "zod/mini";

/** Texts that a shell or the parser of options could take apart. */
const words = fc.constantFrom("x", "pixel_*", "0..3", "it's", "two words", "$HOME", "-1", "ünder", "a=b", '"');

const byType = (schema: z.ZodMiniType): fc.Arbitrary<unknown> => {
  if (schema instanceof z.ZodMiniNumber) {
    return fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 1e-7, max: 1, noNaN: true }));
  }
  if (schema instanceof z.ZodMiniBoolean) return fc.boolean();
  if (!(schema instanceof z.ZodMiniArray))
    return fc.constantFrom(";", "comma", "|", "pushforward", "runs/a b", "#", "pca:64");
  const { element } = schema.def;
  const one = element instanceof z.ZodMiniEnum ? fc.constantFrom(...element.options) : words;
  return fc.uniqueArray(one, { minLength: 1, maxLength: 3 });
};

/** Values that a setting allows. */
export function valuesOf(setting: Setting): fc.Arbitrary<unknown> {
  const names = namesAllowed(setting);
  const candidates = names ? fc.constantFrom(...names) : byType(schemaOfGiven(setting.schema));
  return candidates.filter((value) => setting.schema.safeParse(value).success);
}

/** Some of the settings that options can set, with allowed values. */
export function someOf(table: SettingTable): fc.Arbitrary<Record<string, unknown>> {
  const rows = Object.entries(table).filter(([, { argument }]) => argument !== null);
  return fc.record(Object.fromEntries(rows.map(([name, setting]) => [name, valuesOf(setting)])), { requiredKeys: [] });
}
