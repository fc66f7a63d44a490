import type { Plane, PlanePoints } from "../paint/plane.ts";
import type { Mark } from "../work/race/messages.ts";

/** Samples of every lane at a moment. */
export interface RecordedFrame {
  readonly update: number;
  readonly samples: readonly PlanePoints[];
}

/** The first race, trained when the page was built: the page shows it while its workers start. */
export interface Recording {
  readonly metric: string;
  readonly plane: Plane;
  readonly data: PlanePoints;
  readonly frames: readonly RecordedFrame[];
  /** Errors of every lane. */
  readonly marks: readonly (readonly Mark[])[];
}
