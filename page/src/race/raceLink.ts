import * as z from "zod/mini";
import type { Catalogue } from "../catalogue.ts";
import { type LinkFormat, once, parsed } from "../permalink.ts";
import type { SharedSettings } from "../work/race/messages.ts";
import { leastPoints, parsePlaces, printPlaces } from "./grid.ts";
import {
  type DataChoice,
  firstRace,
  type LaneChoice,
  mostLanes,
  type RaceState,
  raceBackends,
  stepCounts,
  timesLaws,
  views,
} from "./raceState.ts";
import { allowedValues, isAllowed, settingFields, settingNames } from "./settingFields.ts";

/** A lane as the command writes a variant: `meanFlow@-target`. */
export const printLane = ({ loss, withoutStops }: LaneChoice): string =>
  withoutStops.length === 0
    ? loss
    : `${loss}@${withoutStops.map((label) => `-${label.replaceAll(" ", "_")}`).join(",")}`;

/** The lane of a text; undefined if the catalogue has no such loss or stop-gradient. */
export function parseLane({ losses }: Catalogue, text: string): LaneChoice | undefined {
  const [loss, ...rest] = text.split("@");
  const listed = losses.find(({ name }) => name === loss);
  const labels = rest.flatMap((each) => each.split(","));
  const stops = labels.map((label) => listed?.stops.find((stop) => `-${stop.replaceAll(" ", "_")}` === label));
  if (!listed || rest.length > 1 || stops.includes(undefined)) return undefined;
  return { loss, withoutStops: listed.stops.filter((stop) => stops.includes(stop)) };
}

const settingSchema = (name: keyof SharedSettings) => {
  const field = settingFields[name];
  return z.pipe(
    once(String(firstRace.settings[name])),
    parsed(`must be ${allowedValues(field)}`, (text) => {
      const value = text.trim() === "" ? Number.NaN : Number(text);
      return isAllowed(field, value) ? value : undefined;
    }),
  );
};

/** A name out of a table. */
const nameOf = <Name extends string>(table: Readonly<Record<Name, unknown>>) =>
  parsed(`must be one of ${Object.keys(table).join(", ")}`, (text) =>
    Object.hasOwn(table, text) ? (text as Name) : undefined,
  );

const stepCount = parsed(`must be one of ${stepCounts.join(", ")}`, (text) =>
  stepCounts.find((count) => String(count) === text),
);

const timeText = parsed("must be a number from 0 to below 1", (text) => {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value >= 0 && value < 1 ? value : undefined;
});

function dataOf({ problems }: Catalogue, data: string, points: readonly number[]): DataChoice | undefined {
  if (data === "file") return { kind: "file" };
  if (data === "drawn") return points.length >= 2 * leastPoints ? { kind: "drawn", places: points } : undefined;
  return problems.some(({ name }) => name === data) ? { kind: "embedded", name: data } : undefined;
}

/** The format of the links of a race. */
export function raceLink(catalogue: Catalogue): LinkFormat<RaceState> {
  const laneText = parsed("must be a loss of this page, with labels of its stop-gradients after @", (text) =>
    parseLane(catalogue, text),
  );
  const settings = Object.fromEntries(settingNames.map((name) => [settingFields[name].key, settingSchema(name)]));
  const fields = z.object({
    data: once("eightGaussians"),
    points: z.pipe(once(""), parsed("must be the points of a drawing", parsePlaces)),
    lane: z.array(z.pipe(z.string(), laneText)).check(z.maxLength(mostLanes, `must be at most ${mostLanes}`)),
    times: z.pipe(once(firstRace.times), nameOf(timesLaws)),
    backend: z.pipe(once(firstRace.backend), nameOf(raceBackends)),
    show: z.pipe(once(firstRace.view.show), nameOf(views)),
    evaluations: z.pipe(once(String(firstRace.view.evaluations)), stepCount),
    time: z.pipe(once(String(firstRace.view.time)), timeText),
    ...(settings as Record<string, ReturnType<typeof settingSchema>>),
  });
  return {
    keys: Object.keys(fields.shape),
    print: ({ data, lanes, settings: values, times, backend, view }) => ({
      data: [data.kind === "embedded" ? data.name : data.kind],
      points: data.kind === "drawn" ? [printPlaces(data.places)] : [],
      lane: lanes.map(printLane),
      ...Object.fromEntries(settingNames.map((name) => [settingFields[name].key, [String(values[name])]])),
      times: [times],
      backend: [backend],
      show: [view.show],
      evaluations: [String(view.evaluations)],
      time: [String(view.time)],
    }),
    schema: z.pipe(
      fields,
      z.transform((read, { issues }): RaceState => {
        const data = dataOf(catalogue, read.data, read.points);
        const message = `must be drawn points, a file, or one of ${catalogue.problems.map(({ name }) => name).join(", ")}`;
        if (!data) issues.push({ code: "custom", message, input: read.data, path: ["data"] });
        const values = settingNames.map((name) => [
          name,
          (read as unknown as Record<string, number>)[settingFields[name].key],
        ]);
        return {
          data: data as DataChoice,
          lanes: read.lane.length > 0 ? read.lane : firstRace.lanes,
          settings: Object.fromEntries(values) as unknown as SharedSettings,
          times: read.times,
          backend: read.backend,
          view: { show: read.show, evaluations: read.evaluations, time: read.time },
        };
      }),
    ) as unknown as LinkFormat<RaceState>["schema"],
  };
}
