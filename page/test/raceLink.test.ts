import { describe, expect, it } from "vitest";
import { catalogue } from "../build/catalogue.ts";
import { printLink, readLink } from "../src/permalink.ts";
import { coordinatesOf, gridSize, mostPoints, parsePlaces, printPlaces } from "../src/race/grid.ts";
import { raceCommand } from "../src/race/raceCommand.ts";
import { raceLink } from "../src/race/raceLink.ts";
import { firstRace, type RaceState } from "../src/race/raceState.ts";
import { spray } from "../src/race/spray.ts";

const listed = catalogue();
const format = raceLink(listed);
/** Places all over the grid, up to its edges. */
const places = Array.from({ length: 2 * mostPoints }, (_, i) => (i * 97) % gridSize);

describe("links of a race", () => {
  it.each<[string, RaceState]>([
    ["the first scene", firstRace],
    ["drawn points", { ...firstRace, data: { kind: "drawn", places } }],
    ["a file", { ...firstRace, data: { kind: "file" } }],
    [
      "six lanes",
      {
        ...firstRace,
        lanes: listed.losses.slice(0, 6).map(({ name, stops }) => ({ loss: name, withoutStops: stops })),
      },
    ],
    [
      "settings",
      { ...firstRace, settings: { learningRate: 1e-6, width: 512, batch: 1, steps: 100_000, seed: 2 ** 31 - 1 } },
    ],
    ["a view and times", { ...firstRace, times: "recipe", view: { show: "field", evaluations: 8, time: 0.98 } }],
  ])("restore %s", (_, state) => {
    expect(readLink(format, printLink(format, state))).toEqual({ state });
  });

  it("restore every loss with every one of its stop-gradients off", () => {
    const lanes = listed.losses.flatMap(({ name, stops }) =>
      stops.map((stop) => ({ loss: name, withoutStops: [stop] })),
    );
    expect(lanes.length).toBeGreaterThan(30);
    for (const lane of lanes) {
      const state = { ...firstRace, lanes: [lane] };
      expect(readLink(format, printLink(format, state))).toEqual({ state });
    }
  });

  it("may be short: absent parts are those of the first scene", () => {
    expect(readLink(format, "#v=1&lane=lsd&steps=50")).toEqual({
      state: {
        ...firstRace,
        lanes: [{ loss: "lsd", withoutStops: [] }],
        settings: { ...firstRace.settings, steps: 50 },
      },
    });
  });

  it.each([
    ["data=suns", /^This link cannot be read: data: must be drawn points, a file, or one of gaussian, /],
    ["data=drawn&points=AAAAAA", /data: must be drawn points/],
    ["points=%21", /points: must be the points of a drawing\.$/],
    ["show=nothing", /show: must be one of samples, paths, field\.$/],
    ["evaluations=3", /evaluations: must be one of 1, 2, 4, 8, 16\.$/],
    ["time=1", /time: must be a number from 0 to below 1\.$/],
    ["times=odd", /times: must be one of uniform, recipe\.$/],
    ["lane=meanflow", /lane: must be a loss of this page, with labels of its stop-gradients after @\.$/],
    ["lane=meanFlow@-nothing", /lane: must be a loss/],
    ["lane=meanFlow@-target@-target", /lane: must be a loss/],
    [`${"lane=lsd&".repeat(7)}`, /lane: must be at most 6\.$/],
    ["rate=0", /rate: must be a number from 0\.000001 to 1\.$/],
    ["width=", /width: must be a whole number from 1 to 512\.$/],
    ["steps=1.5", /steps: must be a whole number from 1 to 100000\.$/],
    ["seed=1&seed=2", /seed: must be there once\.$/],
    ["sed=1", /^This link says "sed", which this page does not know\.$/],
  ])("say what is wrong: %s", (text, problem) => {
    expect(readLink(format, `#v=1&${text}`)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe("the grid of the pad", () => {
  it("writes places as text, and reads nothing else", () => {
    expect(parsePlaces(printPlaces(places))).toEqual(places);
    expect(printPlaces([0, 255, 254, 251])).toMatch(/^[\w-]+$/);
    for (const text of ["AAA=", "A", "AAAA", "ä", printPlaces([...places, 1, 1])])
      expect(parsePlaces(text)).toBeUndefined();
  });

  it("is a square around the origin, with y upwards", () => {
    expect(coordinatesOf([0, 0, 255, 255])).toEqual([-4, 4, 4, -4]);
  });

  it("gets sprays of points that differ and stay on it", () => {
    const [first, second] = [spray(100, 100, 0), spray(100, 100, 6)];
    expect(first).not.toEqual(second);
    for (const place of [...spray(0, 255, 1), ...first]) expect(place >= 0 && place < gridSize).toBe(true);
    for (const place of first) expect(Math.abs(place - 100)).toBeLessThanOrEqual(7);
  });
});

describe("the command of a race", () => {
  it("trains the same lanes", () => {
    const lanes = [
      { loss: "meanFlow", withoutStops: ["target"] },
      { loss: "lsd", withoutStops: [] },
    ];
    expect(raceCommand({ ...firstRace, lanes }, true)).toBe(
      "npx --yes pnpm@10 pushforward compare meanFlow@-target lsd --data eightGaussians --teacher-velocity exact --steps 1000 --batch 256 --learning-rate 0.004 --width 64 --seed 0 --backend wasm",
    );
    expect(raceCommand({ ...firstRace, data: { kind: "embedded", name: "moons" } }, false)).toContain(
      " --teacher-steps 1000 ",
    );
    expect(raceCommand({ ...firstRace, data: { kind: "file" } }, false)).toBeUndefined();
  });
});
