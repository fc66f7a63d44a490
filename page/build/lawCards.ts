import { lawGroups } from "@pushforward/verify";
import type { LawCardGroup } from "../src/identity/lawCard.ts";
import { mathml } from "./mathml.ts";

/** The identity catalogue with its formulas as MathML. */
export const lawCards = (): LawCardGroup[] =>
  Object.entries(lawGroups).map(([subject, laws]) => ({
    subject,
    laws: laws.map(({ name, title, statement, broken, bound, formula }) => ({
      ...{ name, title, statement, broken, bound },
      formula: mathml(formula, true),
    })),
  }));
