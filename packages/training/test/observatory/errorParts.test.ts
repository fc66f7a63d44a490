import { describe, expect, it } from "vitest";
import {
  errorParts,
  type ObservedSeed,
  type ObservedTraining,
  observedNames,
  observedSteps,
  timeCells,
} from "../../src/index.ts";

/** A map whose cells have the value of their length t − s in cells; null below the diagonal. */
const mapOf = (error: (length: number) => number | null): (number | null)[] =>
  Array.from({ length: timeCells ** 2 }, (_, i) => {
    const length = (i % timeCells) - Math.floor(i / timeCells);
    return length < 0 ? null : error(length);
  });

/** A seed that is observed at 0, 10, 20 … with one error for all cells of each kind of span. */
const seedOf = (seed: number, spans: readonly (readonly [number, number, number | null])[]): ObservedSeed => ({
  seed,
  observations: spans.map(([short, medium, long], i) => ({
    step: 10 * i,
    figures: { times: { error: mapOf((d) => (d === 0 ? 1e6 : d <= 5 ? short : d <= 10 ? medium : long)) } },
  })),
});

const base: ObservedTraining = {
  name: "base",
  seeds: [
    seedOf(3, [
      [1, 2, 3],
      [7, 8, 9],
      [3, 4, 5],
      [4, 6, 8],
    ]),
    seedOf(5, [
      [1, 2, 5],
      [1, 8, 9],
      [3, 4, 7],
      [4, 6, 8],
    ]),
  ],
};
const other: ObservedTraining = {
  name: "other",
  seeds: [
    seedOf(5, [
      [1, 2, 5],
      [1, 8, 9],
      [2, 4, 7],
      [4, 6, 2],
    ]), // in another order than the seeds of the base
    seedOf(3, [
      [1, 2, 3],
      [7, 8, 9],
      [1, 4, 5],
      [4, 6, 6],
    ]),
  ],
};

describe("errorParts", () => {
  const parts = errorParts([base, other]);
  const part = (third: string, span: string) => parts.find((each) => each.third.name === third && each.span === span)!;

  it("has thirds of the observed steps from first to last, and spans from short to long", () => {
    expect(parts.map(({ third, span }) => `${third.name} ${third.steps.join("–")} ${span}`)).toEqual([
      ...["first 0–10 short", "first 0–10 medium", "first 0–10 long"],
      ...["second 20–20 short", "second 20–20 medium", "second 20–20 long"],
      ...["last 30–30 short", "last 30–30 medium", "last 30–30 long"],
    ]);
  });

  it("has the root mean squares that are computed by hand, without the diagonal", () => {
    const { error } = part("first", "short").trainings[0];
    expect(error.values).toEqual([5, 1]); // √((1 + 49)/2) and √((1 + 1)/2)
    expect([error.mean, error.deviation]).toEqual([3, Math.sqrt(8)]);
    expect(part("last", "long").trainings.map((each) => each.error.mean)).toEqual([8, 4]);
  });

  it("pairs differences by seed", () => {
    const [first, second] = part("last", "long").trainings;
    expect(first.difference).toBeUndefined();
    // seed 3: 6 − 8, seed 5: 2 − 8
    expect(second.difference).toMatchObject({ mean: -4, better: 2, count: 2 });
    expect(second.difference!.deviation).toBeCloseTo(Math.sqrt(8), 14);
    // seed 3: 1 − 3, seed 5: 2 − 3
    expect(part("second", "short").trainings[1].difference).toMatchObject({ mean: -1.5, better: 2 });
    expect(part("second", "medium").trainings[1].difference).toMatchObject({ mean: 0, better: 0 });
  });

  it("counts no seed whose error was not finite", () => {
    const lost = {
      name: "lost",
      seeds: [
        other.seeds[1],
        seedOf(5, [
          [1, 2, 3],
          [1, 2, 3],
          [1, 2, 3],
          [1, 2, null],
        ]),
      ],
    };
    const [, second] = errorParts([base, lost]).at(-1)!.trainings;
    expect(second.error.values).toEqual([6, Number.NaN]);
    expect(second.difference).toMatchObject({ mean: -2, better: 1, count: 1 });
  });

  it("leaves out trainings without errors, and thirds without observations", () => {
    const blind = { name: "blind", seeds: [{ seed: 3, observations: [{ step: 0, figures: {} }] }] };
    expect(errorParts([blind, other])[0].trainings.map(({ name }) => name)).toEqual(["other"]);
    expect(errorParts([blind])).toEqual([]);
    const short = { name: "short", seeds: [seedOf(3, [[1, 2, 3]])] };
    expect(errorParts([short]).map(({ third }) => third.name)).toEqual(["first", "first", "first"]);
  });
});

describe("observed trainings", () => {
  it("list steps and series of all seeds once, in order", () => {
    expect(observedSteps([base, other])).toEqual([0, 10, 20, 30]);
    expect(observedNames([base, other], "times")).toEqual(["error"]);
  });
});
