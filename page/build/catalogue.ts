import { losses } from "@pushforward/losses";
import { builtinProblems } from "@pushforward/training";
import type { Catalogue } from "../src/catalogue.ts";

/** The names that the page lists, from the registries. */
export const catalogue = (): Catalogue => ({
  problems: Object.values(builtinProblems).map((make) => {
    const { name, description, exact } = make();
    return { name, description, isExact: exact !== undefined };
  }),
  losses: Object.values(losses).map(({ name, label, stops }) => ({ name, label, stops })),
});
