import { describe, expect, it } from "vitest";
import { curvePath, errorRange, roundNumbers } from "../src/race/curve.ts";
import { formatError } from "../src/race/formatError.ts";

const mark = (update: number, error: number) => ({ update, error });

describe("curves of errors", () => {
  it("have axes that end at round numbers around all errors", () => {
    expect(errorRange([[mark(0, 1.3), mark(5, 0.06)], [mark(0, 0.7)]])).toEqual([0.05, 2]);
    expect(errorRange([[mark(0, 0.2)]])).toEqual([0.2, 0.5]);
    expect(errorRange([[], [mark(0, Number.NaN), mark(1, 0)]])).toEqual([0.1, 1]);
    expect(roundNumbers(0.02, 1)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  });

  it("are paths on a logarithmic axis; errors that are not positive and finite are left out", () => {
    const frame = { width: 100, height: 50, steps: 10, errors: [0.01, 1] } as const;
    expect(curvePath(frame, [mark(0, 1), mark(5, 0.1), mark(7, Number.NaN), mark(8, 0), mark(10, 0.01)])).toBe(
      "M0.0 0.0L50.0 25.0L100.0 50.0",
    );
    expect(curvePath(frame, [])).toBe("");
  });

  it("have errors of three digits", () => {
    expect([0.123456, 12.3456, Number.NaN].map(formatError)).toEqual(["0.123", "12.3", "–"]);
  });
});
