import { describe, expect, it } from "vitest";
import { countOutside, margins, viewOf } from "../../src/report/view.ts";

const grid = (width: number, height: number) => ({
  values: Array.from({ length: 400 }, (_, i) => [((i % 20) / 19) * width, (Math.floor(i / 20) / 19) * height]).flat(),
  dim: 2,
});
const scaleOf = (view: ReturnType<typeof viewOf>) => [
  (view.x[1] - view.x[0]) / (view.width - margins.marginLeft - margins.marginRight),
  (view.y[1] - view.y[0]) / (view.height - margins.marginTop - margins.marginBottom),
];

describe("viewOf", () => {
  it("gives comparable axes one scale, whatever the shape", () => {
    for (const [width, height] of [
      [1, 1],
      [2, 1],
      [1, 2],
      [2.9, 1],
    ]) {
      const [x, y] = scaleOf(viewOf([grid(width, height)], 250));
      expect(x / y).toBeCloseTo(1, 12);
    }
  });

  it("gives axes of different units the whole of a square", () => {
    const view = viewOf([grid(3, 50)], 250);
    expect(view.x[1] - view.x[0]).toBeCloseTo(3.6, 12);
    expect(view.y[1] - view.y[0]).toBeCloseTo(60, 12);
  });

  it("is not shrunk by one far point, which is then counted as outside", () => {
    const points = { values: [...grid(1, 1).values, 1e6, 0, Number.NaN, 0], dim: 2 };
    const view = viewOf([points], 250);
    expect(view.x[1]).toBeLessThan(2);
    expect(countOutside(points, view)).toBe(2);
    expect(countOutside(grid(1, 1), view)).toBe(0);
  });

  it("shows a single point, and refuses none and points that are not in the plane", () => {
    expect(viewOf([{ values: [5, 5], dim: 2 }], 100).x).toEqual([4.4, 5.6]);
    expect(() => viewOf([{ values: [Number.NaN, Infinity], dim: 2 }], 100)).toThrow("at least one finite point");
    expect(() => viewOf([{ values: [1, 2, 3], dim: 3 }], 100)).toThrow("a plot needs points [n, 2], got dim 3");
  });
});
