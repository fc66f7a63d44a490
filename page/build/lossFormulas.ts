import { losses, struckFormula } from "@pushforward/losses";
import { formulaAt, formulaCount } from "../src/switchboard/formulaAt.ts";
import { mathml } from "./mathml.ts";

/** The formulas of all losses as MathML by name: one for each set of stop-gradients that are off, see `formulaAt`. */
export const lossFormulas = (): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.values(losses).map(({ name, stops, markedFormula }) => [
      name,
      Array.from({ length: formulaCount(stops) }, (_, at) => {
        const off = stops.filter((label) => (at & formulaAt(stops, [label])) !== 0);
        return mathml(struckFormula(markedFormula, off), true);
      }),
    ]),
  );
