import type { SharedSettings } from "../work/race/messages.ts";

/** The loss of a lane, and the stop-gradients that are off in it. */
export interface LaneChoice {
  readonly loss: string;
  readonly withoutStops: readonly string[];
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
}

/** Most lanes of a race. */
export const mostLanes = 6;

/** The first scene: the losses of the command `start`. */
export const firstRace: RaceState = {
  data: { kind: "embedded", name: "eightGaussians" },
  lanes: ["meanFlow", "shortcut", "lsd", "consistencyDistillation"].map((loss) => ({ loss, withoutStops: [] })),
  settings: { learningRate: 4e-3, width: 64, batch: 256, steps: 1000, seed: 0 },
};
