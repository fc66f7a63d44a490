import { DomainError, didYouMean, quote } from "@pushforward/tensor";
import * as z from "zod/mini";
import { allowedOf, namesAllowed, valueOfText } from "./describeSetting.ts";
import type { SettingTable } from "./setting.ts";
import { trainingSettings } from "./trainingSettings.ts";

/**
 * A loss with some of its stop-gradients switched off and some of its settings changed. As a text it is
 * `<loss>[@<choice>[,<choice>…]]`, where a choice is `-<label of a stop-gradient>` or `<setting>=<value>`:
 * `meanFlow@-target,velocity=conditional`.
 */
export interface Variant {
  /** Name of the loss. */
  readonly loss: string;
  /** Labels of the stop-gradients that are switched off. */
  readonly withoutStops: readonly string[];
  /** Values of settings, by name. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The labels of the stop-gradients of a loss, by its name. */
export type StopsOf = (loss: string) => readonly string[];

/** The settings in which variants of a loss may differ; all others are shared by the trainings of a comparison. */
export const variantSettings: SettingTable = Object.fromEntries(
  Object.entries<SettingTable[string]>(trainingSettings).filter(([, { mayDiffer }]) => mayDiffer),
);

/** The text of a variant: stop-gradients in the order of the loss, then settings in the order of their table. */
export function printVariant({ loss, withoutStops, settings }: Variant): string {
  const names = Object.keys(variantSettings).filter((name) => settings[name] !== undefined);
  const choices = [
    ...withoutStops.map((label) => `-${label.replaceAll(" ", "_")}`),
    ...names.map((name) => `${name}=${settings[name]}`),
  ];
  return choices.length === 0 ? loss : `${loss}@${choices.join(",")}`;
}

/** The name of the loss of a variant. */
export const lossOfVariant = (text: string): string => text.split("@", 1)[0];

/**
 * The variant of a text. Labels and names of settings may be written in any case, with their words joined by `-`, `_` or a space.
 *
 * @throws DomainError that quotes the choice, says what is allowed and suggests the closest name
 */
export function parseVariant(text: string, stopsOf: StopsOf): Variant {
  const found = readVariant(text, stopsOf);
  if (typeof found === "string") throw new DomainError(`variant: ${quote(text)} ${found}`);
  return found;
}

/** The schema of a variant of some losses; its output is the text as {@link printVariant} writes it. */
export const variantSchema = (losses: readonly string[], stopsOf: StopsOf) =>
  z.pipe(
    z.unknown(),
    z.transform((text, context): string => {
      const loss = typeof text === "string" ? lossOfVariant(text) : text;
      if (!losses.includes(loss as string)) {
        context.issues.push({ code: "invalid_value", values: [...losses], input: loss });
        return z.NEVER;
      }
      const variant = readVariant(text as string, stopsOf);
      if (typeof variant !== "string") return printVariant(variant);
      context.issues.push({ code: "custom", message: variant, input: text });
      return z.NEVER;
    }),
  );

/** The variant of a text, or what must hold and does not, from "must" on. */
function readVariant(text: string, stopsOf: StopsOf): Variant | string {
  const loss = lossOfVariant(text);
  const stops = stopsOf(loss);
  const choices = text === loss ? [] : text.slice(loss.length + 1).split(",");
  const read = choices.map((choice) => readChoice(choice.trim(), loss, stops));
  const problem = read.find((choice) => typeof choice === "string");
  if (typeof problem === "string") return problem;
  const pairs = read as Choice[];
  const twice = pairs.find(([name], i) => pairs.findIndex(([other]) => other === name) < i);
  if (twice) return `must make each choice once, but has ${twice[0]} twice`;
  const off = new Set(pairs.filter(([, value]) => value === undefined).map(([name]) => name.slice(1)));
  const settings = Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
  return { loss, withoutStops: stops.filter((label) => off.has(label)), settings };
}

/** A setting with its value, or `-<label>` without one. */
type Choice = readonly [name: string, value?: unknown];

/** A choice of a variant, or what must hold and does not. */
function readChoice(choice: string, loss: string, stops: readonly string[]): Choice | string {
  if (choice.startsWith("-")) {
    const label = named(choice.slice(1), stops);
    return label === undefined ? unknownStop(choice.slice(1), loss, stops) : [`-${label}`];
  }
  const at = choice.indexOf("=");
  if (at < 0) return `must have -<stop-gradient> or <setting>=<value> after @, but has ${quote(choice)}`;
  const name = named(choice.slice(0, at), Object.keys(variantSettings));
  if (name === undefined) return unknownSetting(choice.slice(0, at));
  const [setting, text] = [variantSettings[name], choice.slice(at + 1)];
  const { success, data } = setting.schema.safeParse(valueOfText(setting, text));
  if (success) return [name, data];
  return `must set ${name} to ${allowedOf(setting)}, but has ${quote(text)}${didYouMean(text, namesAllowed(setting) ?? [])}`;
}

/** A name in lower case without the characters that join its words. */
const plain = (name: string): string => name.replace(/[-_.\s]/g, "").toLowerCase();

/** The known name that a text stands for. */
const named = (given: string, names: readonly string[]): string | undefined =>
  names.find((name) => name === given) ?? names.find((name) => plain(name) === plain(given));

function unknownStop(label: string, loss: string, stops: readonly string[]): string {
  const has = quote(`-${label}`);
  return stops.length > 0
    ? `must switch off stop-gradients of ${loss}: ${stops.join(", ")}, but has ${has}${didYouMean(label, stops)}`
    : `must leave out ${has}, since ${loss} has no stop-gradients`;
}

function unknownSetting(given: string): string {
  const names = Object.keys(variantSettings);
  const isShared = named(given, Object.keys(trainingSettings)) !== undefined;
  return isShared
    ? `must leave ${quote(given)} to the whole comparison; variants differ in ${names.join(", ")}`
    : `must set one of ${names.join(", ")}, but has ${quote(given)}${didYouMean(given, names)}`;
}
