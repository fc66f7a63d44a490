import type { ResultRow } from "./report.ts";

/** Colours of the losses in their order, for light and dark backgrounds; after the last colour the list starts over. */
const lossColors: readonly (readonly [light: string, dark: string])[] = [
  ["#2f62c9", "#7aa5ff"],
  ["#d1560f", "#ff9a57"],
  ["#17825b", "#4fce9c"],
  ["#a8358f", "#ee86d4"],
  ["#8a6a00", "#e0bd4a"],
  ["#0f7f95", "#52cbe2"],
  ["#b3293b", "#ff8490"],
  ["#6a4cc0", "#b39cff"],
];

/** All other colours, for light and dark backgrounds. */
const baseColors: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  paper: ["#ffffff", "#14171c"],
  card: ["#f7f8fa", "#1b1f26"],
  ink: ["#1c2128", "#e6e9ee"],
  soft: ["#5c6672", "#9aa5b3"],
  rule: ["#dde1e7", "#323945"],
  data: ["#3f4a57", "#c3ccd8"],
  teacher: ["#6b7683", "#97a3b1"],
  accent: ["#2f62c9", "#7aa5ff"],
};

/** The CSS colour of a series by its name. */
export type Palette = (name: string) => string;

/** One colour for each loss of the results, the same in every plot; teachers and baselines share a grey, all other names another. */
export function paletteFor(results: readonly ResultRow[]): Palette {
  const losses = results.filter(({ kind }) => kind === "loss").map(({ name }) => name);
  const others = new Set(results.filter(({ kind }) => kind !== "loss").map(({ name }) => name));
  return (name) => {
    const at = losses.indexOf(name);
    if (at >= 0) return `var(--loss-${at % lossColors.length})`;
    return others.has(name) ? "var(--teacher)" : "var(--data)";
  };
}

/** CSS declarations of all colours for one background. */
export function colorVariables(paper: "light" | "dark"): string {
  const side = paper === "light" ? 0 : 1;
  const all = { ...baseColors, ...Object.fromEntries(lossColors.map((pair, i) => [`loss-${i}`, pair])) };
  return Object.entries(all)
    .map(([name, pair]) => `--${name}: ${pair[side]};`)
    .join(" ");
}
