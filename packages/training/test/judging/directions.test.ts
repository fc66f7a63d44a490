import { describe, expect, it } from "vitest";
import { directionsFor, gaussianDirections, spreadDirections } from "../../src/judging/directions.ts";

const rows = (values: ArrayLike<number>, dim: number): number[][] =>
  Array.from({ length: values.length / dim }, (_, i) => Array.from({ length: dim }, (_, k) => values[i * dim + k]));

describe("directions", () => {
  it("have length 1", () => {
    for (const dim of [1, 2, 3, 64]) {
      for (const row of rows(directionsFor(dim, 8).values, dim)) expect(Math.hypot(...row)).toBeCloseTo(1, 14);
    }
  });

  it("spread in the plane so that every axis is seen alike: Σ θθᵀ = count/2 · I", () => {
    const all = rows(spreadDirections(5).values, 2);
    const moment = (a: number, b: number) => all.reduce((sum, row) => sum + row[a] * row[b], 0);
    expect(moment(0, 0)).toBeCloseTo(2.5, 13);
    expect(moment(1, 1)).toBeCloseTo(2.5, 13);
    expect(moment(0, 1)).toBeCloseTo(0, 13);
  });

  it("repeat with the seed and change with another", () => {
    expect(gaussianDirections(3, 4, 11).values).toEqual(gaussianDirections(3, 4, 11).values);
    expect(gaussianDirections(3, 4, 11).values).not.toEqual(gaussianDirections(3, 4, 12).values);
  });

  it("refuse a count below 1", () => {
    expect(() => spreadDirections(0)).toThrow("count must be a positive integer, got 0");
  });
});
