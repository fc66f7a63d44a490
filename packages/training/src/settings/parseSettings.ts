import { DomainError, didYouMean, mustBeOneOf, quote, shorten } from "@pushforward/tensor";
import type * as z from "zod/mini";

/** How a message calls a setting: by its name in config.json, or by the option that a person typed. */
export type Naming = (setting: string) => string;

/** Settings that are no options: the command itself names them. */
const unlisted = ["kind", "loss", "losses", "sources"];

/** Settings that do not exist, with those that may be meant. */
const unknownSettings = (unknown: readonly string[], known: readonly string[]): string => {
  const some = `; there are ${known.slice(0, 8).join(", ")}, … (${known.length} in all, see docs/lab.md)`;
  const told = unknown.slice(0, 4).map((name) => `unknown setting ${shorten(name)}${didYouMean(name, known) || some}`);
  return [...told, ...(unknown.length > 4 ? [`${unknown.length} unknown settings in all`] : [])].join("; ");
};

/** Names a bad value or key, with what is allowed. */
function explainIssue(issue: z.core.$ZodIssue, settingNames: readonly string[], nameOf: Naming): string {
  const [setting, ...place] = issue.path;
  const name = [nameOf(String(setting)), ...place].join(".");
  const got = `got ${issue.input === undefined ? "nothing" : quote(issue.input)}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return unknownSettings(issue.keys.map(nameOf), settingNames.map(nameOf));
    case "invalid_value":
      return issue.input === undefined
        ? `${name} must be given, ${got}`
        : `${name} ${mustBeOneOf(issue.input, issue.values.map(String), setting === "loss" || setting === "losses" ? "pushforward losses lists them" : undefined)}`;
    default:
      return issue.path.length === 0 ? `must be a JSON object of settings, ${got}` : `${name} ${issue.message}, ${got}`;
  }
}

/** Names of the settings of a schema. */
const namesOfSettings = (schema: z.ZodMiniObject): string[] =>
  Object.keys(schema.shape).filter((name) => !unlisted.includes(name));

/** Settings by the names of their tables. */
export const asIs: Naming = (setting) => setting;

/**
 * Validates settings and fills in defaults.
 *
 * @param nameOf how messages call a setting; by default as the schema does
 * @throws DomainError that names the setting, what is allowed and what came
 */
export function parseSettings<Schema extends z.ZodMiniObject>(
  schema: Schema,
  value: unknown,
  nameOf: Naming = asIs,
): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const names = namesOfSettings(schema);
  const messages = new Set(result.error.issues.map((issue) => explainIssue(issue, names, nameOf)));
  throw new DomainError(`config: ${[...messages].join("; ")}`);
}
