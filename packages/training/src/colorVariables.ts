/** Colours of series in their order, for light and dark backgrounds; after the last colour the list starts over. */
const seriesColors: readonly (readonly [light: string, dark: string])[] = [
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

/** The name of the CSS variable with the colour of the loss at a place in a list of losses. */
export const lossVariable = (place: number): string => `--loss-${place % seriesColors.length}`;

/** CSS declarations of all colours of reports and pages for one background. */
export function colorVariables(paper: "light" | "dark"): string {
  const side = paper === "light" ? 0 : 1;
  const all = { ...baseColors, ...Object.fromEntries(seriesColors.map((pair, i) => [`loss-${i}`, pair])) };
  return Object.entries(all)
    .map(([name, pair]) => `--${name}: ${pair[side]};`)
    .join(" ");
}
