import * as z from "zod/mini";
import type { Catalogue } from "../catalogue.ts";
import { type LinkFormat, once } from "../permalink.ts";

/** What a link restores. */
export interface RaceState {
  /** Name of an embedded problem. */
  readonly data: string;
}

/** The format of the links of the race. */
export const raceLink = ({ problems }: Catalogue): LinkFormat<RaceState> => ({
  keys: ["data"],
  print: ({ data }) => ({ data: [data] }),
  schema: z.object({
    data: z.pipe(once, z.enum(problems.map(({ name }) => name))),
  }),
});
