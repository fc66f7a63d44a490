import { lossVariable } from "@pushforward/training";
import type { ResultRow } from "./report.ts";

/** The CSS colour of a series by its name. */
export type Palette = (name: string) => string;

/** One colour for each loss of the results, the same in every plot; teachers and baselines share a grey, all other names another. */
export function paletteFor(results: readonly ResultRow[]): Palette {
  const losses = results.filter(({ kind }) => kind === "loss").map(({ name }) => name);
  const others = new Set(results.filter(({ kind }) => kind !== "loss").map(({ name }) => name));
  return (name) => {
    const at = losses.indexOf(name);
    if (at >= 0) return `var(${lossVariable(at)})`;
    return others.has(name) ? "var(--teacher)" : "var(--data)";
  };
}
