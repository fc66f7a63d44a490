import { compile, isFinite, key, mean, remainder, type Tensor, variance } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type Toy, toys } from "../../src/distributions/toys.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

const all = Object.entries(toys) as [string, Toy][];

/** Points as rows. */
const rowsOf = (x: Tensor): number[][] => x.toArray() as number[][];

describe("toys", () => {
  it.each(all)("%s draws n points of the plane, the same for the same key and others for another", (_, toy) => {
    const points = toy(key(1), 500);
    expect(points.shape).toEqual([500, 2]);
    expect(isFinite(points).all().item()).toBe(1);
    expect(valuesOf(toy(key(1), 500))).toEqual(valuesOf(points));
    expect(valuesOf(toy(key(2), 500))).not.toEqual(valuesOf(points));
    expect(toy(key(1), 0).shape).toEqual([0, 2]);
    expect(toy(key(1), 4, { dtype: "float32" }).dtype).toBe("float32");
  });

  it.each(all)("%s compiles to the same points, the key being an input", (_, toy) => {
    const compiled = compile((k: Tensor) => toy(k, 50));
    expectValues(compiled(key(7)), valuesOf(toy(key(7), 50)), 1e-14);
  });

  it.each(all)("%s is centred and about as wide as noise", (_, toy) => {
    const points = toy(key(3), 4000);
    for (const m of valuesOf(mean(points, 0))) expect(Math.abs(m)).toBeLessThan(0.4);
    for (const v of valuesOf(variance(points, 0))) expect(v > 0.5 && v < 3.2).toBe(true);
  });

  it.each(all)("%s refuses a broken number of points", (_, toy) => {
    expect(() => toy(key(0), -1)).toThrow(/whole number ≥ 0, got -1/);
  });

  it("checkerboard fills only the squares of one colour, all of them", () => {
    const points = toys.checkerboard(key(5), 4000);
    const squares = new Set(rowsOf(points).map(([x, y]) => `${Math.floor(x)},${Math.floor(y)}`));
    expect(squares.size).toBe(8);
    expect(remainder(points.floor().sum(1), 2).max().item()).toBe(0);
  });

  it("eightGaussians has eight modes at radius 2", () => {
    const near = rowsOf(toys.eightGaussians(key(5), 2000)).map(([x, y]) => {
      const k = Math.round((Math.atan2(y, x) / Math.PI) * 4);
      return Math.hypot(x - 2 * Math.cos((k * Math.PI) / 4), y - 2 * Math.sin((k * Math.PI) / 4));
    });
    expect(near.filter((r) => r > 0.2 * 4).length).toBeLessThan(10);
  });

  it("rings and swissRoll keep their radii", () => {
    const ring = rowsOf(toys.rings(key(5), 1000)).map(([x, y]) => Math.hypot(x, y));
    expect(ring.every((r) => Math.abs(r - Math.round(2 * r) / 2) < 0.25)).toBe(true);
    const roll = rowsOf(toys.swissRoll(key(5), 1000)).map(([x, y]) => Math.hypot(x, y));
    expect(Math.min(...roll)).toBeGreaterThan(0.4);
    expect(Math.max(...roll)).toBeLessThan(2.3);
  });
});
