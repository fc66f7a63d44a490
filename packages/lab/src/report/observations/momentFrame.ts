import * as Plot from "@observablehq/plot";

/** Axes of the plot of one moment of a training. */
export const momentAxis = { tickSize: 0, label: null, fill: "var(--soft)", fontSize: 11 } as const;

/** Text in the upper left corner of the plot of one moment, moved down by `dy` pixels. */
export const momentNote = (note: string, dy = 0): Plot.Markish =>
  Plot.text([note], {
    frameAnchor: "top-left",
    text: (text: string) => text,
    fill: "var(--ink)",
    fontSize: 11.5,
    dx: 1,
    dy,
  });
