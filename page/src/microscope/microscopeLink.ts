import * as z from "zod/mini";
import type { Catalogue } from "../catalogue.ts";
import { type LinkFormat, once, parsed } from "../permalink.ts";
import {
  type ArrowLength,
  firstMicroscope as first,
  type MapKey,
  type MicroscopeState,
  mapNames,
  mostUpdates,
  stepPowers,
} from "./microscopeState.ts";
import { parseNumbers, parseTangent, printTangent } from "./tangentText.ts";

/** A text that is one of some words. */
const oneOf = <Word extends string>(words: readonly Word[], fallback: Word) =>
  z.pipe(
    once(fallback),
    parsed(`must be one of ${words.join(", ")}`, (text) => words.find((word) => word === text)),
  );

/** A number between two others. */
const numberFrom = (least: number, most: number, fallback: number, isWhole = false) =>
  z.pipe(
    once(String(fallback)),
    parsed(`must be a ${isWhole ? "whole number" : "number"} from ${least} to ${most}`, (text) => {
      const value = parseNumbers(text, 1)?.[0] ?? (isWhole && /^\d+$/.test(text) ? Number(text) : Number.NaN);
      return value >= least && value <= most && (!isWhole || Number.isInteger(value)) ? value : undefined;
    }),
  );

/** The problems of the microscope: those whose velocity is known. */
export const exactProblems = ({ problems }: Catalogue) => problems.filter(({ isExact }) => isExact);

/** The losses of the microscope. */
export const tangentLosses = ({ losses }: Catalogue) => losses.filter(({ hasTangent }) => hasTangent);

/** Largest seed. */
export const largestSeed = 2 ** 31 - 1;

/** The format of the links of a microscope. */
export function microscopeLink(catalogue: Catalogue): LinkFormat<MicroscopeState> {
  const names = (listed: readonly { readonly name: string }[]): string[] => listed.map(({ name }) => name);
  const fields = z.object({
    data: oneOf(names(exactProblems(catalogue)), first.data),
    loss: oneOf(names(tangentLosses(catalogue)), first.loss),
    model: oneOf<MicroscopeState["model"]["kind"]>(["exact", "network"], first.model.kind),
    updates: numberFrom(0, mostUpdates, 0, true),
    seed: numberFrom(0, largestSeed, 0, true),
    x: z.pipe(
      once(first.x.join(",")),
      parsed("must be two numbers with a comma between them", (text) => parseNumbers(text, 2)),
    ),
    s: numberFrom(0, 1, first.s),
    t: numberFrom(0, 1, first.t),
    tangent: z.pipe(
      once(printTangent(first.tangent)),
      parsed("must be v or own and two numbers, or four numbers", parseTangent),
    ),
    map: oneOf(Object.keys(mapNames) as MapKey[], first.map),
    arrows: oneOf<ArrowLength>(["ends", "velocities"], first.arrows),
    step: numberFrom(stepPowers.least, stepPowers.most, first.step),
  });
  return {
    keys: Object.keys(fields.shape),
    print: ({ model, x, tangent, ...state }) => ({
      ...Object.fromEntries(Object.entries(state).map(([name, value]) => [name, [String(value)]])),
      model: [model.kind],
      ...(model.kind === "network" ? { updates: [String(model.updates)], seed: [String(model.seed)] } : {}),
      x: [x.join(",")],
      tangent: [printTangent(tangent)],
    }),
    schema: z.pipe(
      fields,
      z.transform(({ model, updates, seed, x, ...read }, { issues }): MicroscopeState => {
        if (read.s > read.t)
          issues.push({
            code: "custom",
            message: `must not exceed t, got ${read.s} > ${read.t}`,
            input: read.s,
            path: ["s"],
          });
        return {
          ...read,
          x: [x[0], x[1]],
          model: model === "exact" ? { kind: "exact" } : { kind: "network", updates, seed },
        };
      }),
    ) as unknown as LinkFormat<MicroscopeState>["schema"],
  };
}
