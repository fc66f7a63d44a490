import type { RaceBackend, SharedSettings, TimesLaw, View } from "../work/race/messages.ts";

/** The loss of a lane, and the stop-gradients that are off in it. */
export interface LaneChoice {
  readonly loss: string;
  readonly withoutStops: readonly string[];
  /** The velocity that the loss gets, where a pane chooses one; default that of its recipe. */
  readonly velocity?: "conditional" | "teacher";
}

/** The data of a race as a link can name them; a file never leaves the page, so that a link only says that there was one. */
export type DataChoice =
  | { readonly kind: "embedded"; readonly name: string }
  /** Places of points on the grid of the drawing pad, x and y in turn, see `grid.ts`. */
  | { readonly kind: "drawn"; readonly places: readonly number[] }
  | { readonly kind: "file" };

/** Everything that a link of a race restores. */
export interface RaceState {
  readonly data: DataChoice;
  readonly lanes: readonly LaneChoice[];
  readonly settings: SharedSettings;
  readonly times: TimesLaw;
  readonly backend: RaceBackend;
  readonly view: View;
}

/** Laws of times with their words. */
export const timesLaws: Readonly<Record<TimesLaw, string>> = { uniform: "uniform", recipe: "of each paper" };

/** Backends with their words. */
export const raceBackends: Readonly<Record<RaceBackend, string>> = {
  wasm: "processor (WebAssembly)",
  gpujs: "GPU (gpu.js)",
};

/** Views with their titles, and what a picture shows in each. */
export const views: Readonly<Record<View["show"], { readonly title: string; readonly words: string }>> = {
  samples: { title: "samples", words: "Samples in colour over the data in grey." },
  paths: {
    title: "paths",
    words: "The way of some samples, a dot after each step; in grey the exact paths, where the problem knows them.",
  },
  field: {
    title: "field",
    words:
      "The velocity of the network at one time, in grey the exact velocity; networks that know only the way to the data show that way.",
  },
};

/** Numbers of steps that a view may have. */
export const stepCounts: readonly number[] = [1, 2, 4, 8, 16];

/** Most lanes of a race. */
export const mostLanes = 6;

/** The first scene: the losses of the command `start`. */
export const firstRace: RaceState = {
  data: { kind: "embedded", name: "eightGaussians" },
  lanes: ["meanFlow", "shortcut", "lsd", "consistencyDistillation"].map((loss) => ({ loss, withoutStops: [] })),
  settings: { learningRate: 4e-3, width: 64, batch: 256, steps: 1000, seed: 0 },
  times: "uniform",
  backend: "wasm",
  view: { show: "samples", evaluations: 1, time: 0.5 },
};
