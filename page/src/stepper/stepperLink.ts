import * as z from "zod/mini";
import type { Catalogue } from "../catalogue.ts";
import { type LinkFormat, once } from "../permalink.ts";
import { examples } from "./examples.ts";
import { type FormulaSymbol, type Numbers, own, type StepperState, sceneOf, symbols } from "./stepperState.ts";

/** Most characters of a formula. */
export const longestFormula = 200;

/** The label of stop-gradients in formulas. */
export const formulaStop = "sg";

/** The number of a text; undefined for a text that is none, or an infinite one. */
export function numberOf(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** A text that is absent, or there once; what is absent follows from the scene. */
const maybe = z.pipe(
  z.array(z.string()).check(z.maxLength(1, "must be there once")),
  z.transform(([text]: string[]): string | undefined => text),
);

const maybeNumber = z.pipe(
  maybe,
  z.transform((text: string | undefined, { issues }): number | undefined => {
    const value = text === undefined ? undefined : numberOf(text);
    if (text !== undefined && value === undefined)
      issues.push({ code: "custom", message: "must be a number", input: text });
    return value;
  }),
);

const numberSchemas = <Prefix extends string>(prefix: Prefix) =>
  Object.fromEntries(symbols.map((name) => [prefix + name, maybeNumber])) as Record<
    `${Prefix}${FormulaSymbol}`,
    typeof maybeNumber
  >;

const numbersOf = (read: Readonly<Record<string, unknown>>, prefix: string, fallback: Numbers): Numbers =>
  Object.fromEntries(symbols.map((name) => [name, read[prefix + name] ?? fallback[name]])) as unknown as Numbers;

/** Labels of the stop-gradients that a scene can switch off. */
export const stopsOf = ({ losses }: Catalogue, show: string): readonly string[] =>
  losses.find(({ name }) => name === show)?.stops ?? [formulaStop];

const isLoss = ({ losses }: Catalogue, show: string): boolean => losses.some(({ name }) => name === show);

const print =
  (catalogue: Catalogue): LinkFormat<StepperState>["print"] =>
  ({ show, formula, point, direction, moved, off, at }) => {
    const numbers = symbols.flatMap((name) => [
      [name, [String(point[name])]] as const,
      [`d${name}`, [String(direction[name])]] as const,
    ]);
    return {
      show: [show],
      ...(show === own ? { f: [formula] } : {}),
      ...(isLoss(catalogue, show) ? { along: moved ? [moved] : [] } : Object.fromEntries(numbers)),
      off,
      at: at === undefined ? [] : [String(at)],
    };
  };

/** The format of the links of the stepper. */
export function stepperLink(catalogue: Catalogue): LinkFormat<StepperState> {
  const known = [...examples.map(({ name }) => name), ...catalogue.losses.map(({ name }) => name), own];
  const fields = z.object({
    show: z.pipe(
      once(examples[0].name),
      z.string().check(z.refine((name) => known.includes(name), "must be an example, a loss of this page, or own")),
    ),
    f: maybe,
    along: maybe,
    off: z.array(z.string()),
    at: maybeNumber,
    ...numberSchemas(""),
    ...numberSchemas("d"),
  });
  return {
    keys: Object.keys(fields.shape),
    print: print(catalogue),
    schema: z.pipe(
      fields,
      z.transform((read, { issues }): StepperState => {
        const issue = (key: string, message: string): void =>
          void issues.push({ code: "custom", message, input: read, path: [key] });
        const { show, f, at, off, along = "" } = read;
        if ((show === own) !== (f !== undefined)) issue("f", "must be a formula, for show=own only");
        if (f !== undefined && f.length > longestFormula) issue("f", `must have at most ${longestFormula} characters`);
        if (at !== undefined && !(Number.isInteger(at) && at >= 0)) issue("at", "must be a whole number from 0 on");
        const stops = stopsOf(catalogue, show);
        if (off.some((label) => !stops.includes(label))) issue("off", `must be among ${stops.join(", ") || "none"}`);
        if (along.length > 40) issue("along", "must be the name of an input");
        const scene = sceneOf(show);
        return {
          ...scene,
          formula: f ?? scene.formula,
          point: numbersOf(read, "", scene.point),
          direction: numbersOf(read, "d", scene.direction),
          moved: along,
          off: stops.filter((label) => off.includes(label)),
          at,
        };
      }),
    ) as unknown as LinkFormat<StepperState>["schema"],
  };
}
