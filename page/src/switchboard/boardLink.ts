import * as z from "zod/mini";
import type { Catalogue } from "../catalogue.ts";
import { type LinkFormat, once } from "../permalink.ts";
import { type BoardState, firstBoard, largestSeed, mostCuts } from "./boardState.ts";

const cutText = z
  .string()
  .check(z.regex(/^\d{1,4}\.\d{1,2}( \d{1,4}\.\d{1,2})*$/, "must be places of operands, such as 3.0"));

/** The format of the links of a switchboard. */
export function boardLink({ losses }: Catalogue): LinkFormat<BoardState> {
  const fields = z.object({
    loss: once(firstBoard.loss),
    off: z.array(z.string()),
    cut: z.array(cutText).check(z.maxLength(mostCuts, `must be at most ${mostCuts}`)),
    open: z.array(z.string()).check(z.maxLength(20, "must be at most 20")),
    mode: once("both"),
    seed: once(String(firstBoard.seed)),
  });
  return {
    keys: Object.keys(fields.shape),
    print: ({ loss, off, cuts, opened, isCotangentsOnly, seed }) => ({
      loss: [loss],
      off,
      cut: cuts,
      open: opened,
      mode: [isCotangentsOnly ? "reverse" : "both"],
      seed: [String(seed)],
    }),
    schema: z.pipe(
      fields,
      z.transform(({ loss, off, cut, open, mode, seed }, { issues }): BoardState => {
        const wrong = (path: string, message: string): unknown =>
          issues.push({ code: "custom", message, input: path, path: [path] });
        const listed = losses.find(({ name }) => name === loss);
        if (!listed) wrong("loss", "must be a loss of this page");
        else if (off.some((label) => !listed.stops.includes(label)))
          wrong("off", `must be stop-gradients of ${loss}: ${listed.stops.join(", ") || "it has none"}`);
        if (mode !== "both" && mode !== "reverse") wrong("mode", "must be both or reverse");
        if (!/^\d{1,4}$/.test(seed)) wrong("seed", `must be a whole number from 0 to ${largestSeed}`);
        const stops = listed?.stops.filter((label) => off.includes(label)) ?? [];
        return { loss, off: stops, cuts: cut, opened: open, isCotangentsOnly: mode === "reverse", seed: Number(seed) };
      }),
    ) as unknown as LinkFormat<BoardState>["schema"],
  };
}
