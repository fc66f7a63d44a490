import { planeAround } from "../src/paint/plane.ts";
import { firstRace } from "../src/race/raceState.ts";
import type { Recording } from "../src/race/recording.ts";
import { Lane } from "../src/work/race/lane.ts";

/** Points of a set that are shown: fewer than live pictures have, since they travel with the page. */
const recordedPoints = 350;
/** Frames of the recording. */
const frameCount = 6;

/** Points with two digits after the decimal point. */
const rounded = (values: ArrayLike<number>): number[] =>
  Array.from(values)
    .slice(0, 2 * recordedPoints)
    .map((value) => Number(value.toFixed(2)));

/**
 * Trains the first race, as the workers of the page do.
 *
 * @param steps updates of each lane
 */
export async function recordRace(steps = firstRace.settings.steps): Promise<Recording> {
  const { data, lanes, settings } = firstRace;
  if (data.kind !== "embedded") throw new Error(`recordRace: the first race must have embedded data, got ${data.kind}`);
  const trained: Lane[] = [];
  for (const choice of lanes) {
    const lane = await Lane.open({
      data,
      ...choice,
      settings: { ...settings, steps },
      times: firstRace.times,
      backend: "wasm",
    });
    while (!lane.isFinished) await lane.step();
    trained.push(lane);
  }
  const [{ problem }] = trained;
  const updates = Array.from({ length: frameCount }, (_, i) => Math.round((steps * i ** 2) / (frameCount - 1) ** 2));
  return {
    metric: trained[0].figures().metric,
    plane: planeAround(problem.heldOut.values),
    data: rounded(problem.heldOut.values),
    frames: updates.map((update) => ({
      update,
      samples: trained.map((lane) => rounded(lane.samples(update)!.dataSync())),
    })),
    marks: trained.map((lane) =>
      lane.figures().marks.map((mark) => ({ ...mark, error: Number(mark.error.toPrecision(4)) })),
    ),
  };
}
