/** Where losses and their recipes are not what their sources say. */
import { type AnyLoss, losses, recipes } from "../packages/losses/src/index.ts";
import { code, table } from "./markdown.ts";

/** The departures of a loss, then those of its recipe. */
export const departuresOf = ({ name, departs }: AnyLoss): readonly string[] => [
  ...departs,
  ...recipes[name as keyof typeof recipes].departs,
];

/** Losses with equal departures in one row, in the order of the registry. */
export function departureTable(): string {
  const rows = Object.values(losses as Readonly<Record<string, AnyLoss>>).flatMap((loss) => {
    const departs = departuresOf(loss);
    return departs.length > 0 ? [{ name: loss.name, text: departs.join(" ") }] : [];
  });
  const groups = [...new Set(rows.map(({ text }) => text))].map((text) => ({
    names: rows.filter((row) => row.text === text).map(({ name }) => `[${code(name)}](losses/${name}.md)`),
    text,
  }));
  return table(groups, [
    ["entry", ({ names }) => names.join(", ")],
    ["what differs from its source", ({ text }) => text],
  ]);
}
