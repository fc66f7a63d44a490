import { type AnyLoss, losses } from "@pushforward/losses";
import { planeProblems } from "@pushforward/training";
import type { Catalogue } from "../src/catalogue.ts";

/** The names that the page lists, from the registries. */
export const catalogue = (): Catalogue => ({
  problems: Object.values(planeProblems).map((make) => {
    const { name, description, exact } = make();
    return { name, description, isExact: exact !== undefined };
  }),
  losses: Object.values(losses).map((loss) => ({
    ...{ name: loss.name, label: loss.label, stops: loss.stops },
    hasTangent: hasTangent(loss),
  })),
});

/** Losses of labelled data and losses of one end time are left out: here are no labels, and both times move. */
const hasTangent = ({ along = false, needs, timeLaw }: AnyLoss): boolean =>
  along && !needs.includes("unconditional") && timeLaw.kind !== "fixedEnd";
