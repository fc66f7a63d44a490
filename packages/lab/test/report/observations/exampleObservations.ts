import { middleOf, type Observation, timeCells } from "@pushforward/training";
import type { ObservedTraining } from "../../../src/report/report.ts";

/** A map of all cells with s ≤ t. */
const mapOf = (value: (row: number, column: number) => number | null): (number | null)[] =>
  Array.from({ length: timeCells ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / timeCells), i % timeCells];
    return column < row ? null : value(row, column);
  });

/** Every kind of figure, of formulas alone; `size` is the error of the map. */
function observationAt(step: number, size: number, hasStops: boolean): Observation {
  const decay = Math.exp(-step / 100);
  const spans = Array.from({ length: timeCells }, (_, i) => middleOf(i));
  return {
    lossSplit: {
      "error of the network": [decay * size, decay * size * 1.5],
      "moving target": [-0.1 * decay, -0.2 * decay],
      "variance of v": [0.5, 0.7],
    },
    gradientNorms: { all: [1 + decay, 1.2], "layers[0].bias": [step === 0 ? 0 : 0.1, step === 0 ? 0 : 0.2] },
    ...(hasStops ? { stopCosine: { target: [0.9, 0.8] } } : {}),
    trueCosine: { "as trained": [0.4, 0.6], "without target": [0.5, step < 50 ? 0.3 : 0.9] },
    gradientBias: { "as trained": [step === 50 ? 0 : 0.3] },
    times: {
      error: mapOf((row, column) => (size * (column - row)) / timeCells),
      loss: mapOf((row, column) => ((row + column) % 3 === 0 ? null : decay * (1 + row))),
    },
    stretch: {
      "largest of all points": spans.map((span) => 1 + 2 * span),
      largest: spans.map((span) => 1 + span),
      smallest: spans.map((span) => 1 - span / 2),
      "smallest of all points": spans.map((span) => 1 - 0.9 * span),
    },
  };
}

/** Two trainings with two seeds each; the second one has the smaller errors and no stop-gradient. */
export function exampleObservations(): ObservedTraining[] {
  return ["meanFlow", "meanFlow@-target"].map((name, i) => ({
    name,
    seeds: [0, 1].map((seed) => ({
      seed,
      observations: Array.from({ length: 6 }, (_, k) => ({
        step: 20 * k,
        figures: observationAt(20 * k, (i === 0 ? 1 : 0.75) + 0.1 * seed, i === 0),
      })),
    })),
  }));
}
