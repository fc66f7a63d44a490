import * as z from "zod/mini";
import { largestSeed } from "../microscope/microscopeLink.ts";
import { parseNumbers } from "../microscope/tangentText.ts";
import { type LinkFormat, once, parsed } from "../permalink.ts";
import {
  everyLaw,
  firstIdentity as first,
  type IdentityState,
  type MapKind,
  mapWords,
  scales,
  updateRange,
  type VelocityChoice,
} from "./identityState.ts";

/** A text that is one of some words. */
const oneOf = <Word extends string>(words: readonly Word[], fallback: Word) =>
  z.pipe(
    once(fallback),
    parsed(`must be one of ${words.join(", ")}`, (text) => words.find((word) => word === text)),
  );

/** A whole number from 0 to another. */
const wholeTo = (most: number, fallback: number) =>
  z.pipe(
    once(String(fallback)),
    parsed(`must be a whole number from 0 to ${most}`, (text) =>
      /^\d+$/.test(text) && Number(text) <= most ? Number(text) : undefined,
    ),
  );

const time = (fallback: number) =>
  z.pipe(
    once(String(fallback)),
    parsed("must be a number from 0 to 1", (text) => {
      const value = parseNumbers(text, 1)?.[0];
      return value !== undefined && value >= 0 && value <= 1 ? value : undefined;
    }),
  );

/**
 * The format of the links of a bench.
 *
 * @param laws names of the catalogue
 */
export function identityLink(laws: readonly string[]): LinkFormat<IdentityState> {
  const fields = z.object({
    map: oneOf(Object.keys(mapWords) as MapKind[], first.map),
    seed: wholeTo(largestSeed, first.seed),
    updates: wholeTo(updateRange.most, first.updates),
    velocity: oneOf<VelocityChoice>(["random", "own"], first.velocity),
    field: wholeTo(largestSeed, first.field),
    x: z.pipe(
      once(first.x.join(",")),
      parsed("must be two numbers with a comma between them", (text): IdentityState["x"] | undefined => {
        const numbers = parseNumbers(text, 2);
        return numbers && [numbers[0], numbers[1]];
      }),
    ),
    s: time(first.s),
    t: time(first.t),
    scale: z.pipe(
      once(String(first.scale)),
      parsed(`must be one of ${scales.join(", ")}`, (text): number | undefined =>
        scales.find((scale) => String(scale) === text),
      ),
    ),
    law: z.pipe(
      once(first.law),
      parsed(`must be a law of the catalogue, or ${everyLaw}`, (text) =>
        ["", ...laws, everyLaw].includes(text) ? text : undefined,
      ),
    ),
    instances: wholeTo(largestSeed, first.instances),
  });
  return {
    keys: Object.keys(fields.shape),
    print: ({ x, law, ...state }) => ({
      ...Object.fromEntries(Object.entries(state).map(([name, value]) => [name, [String(value)]])),
      x: [x.join(",")],
      law: law === "" ? [] : [law],
    }),
    schema: fields as unknown as LinkFormat<IdentityState>["schema"],
  };
}
