import { describe, expect, it } from "vitest";
import { binSeries, drawCurves } from "../../src/report/curves.ts";

const palette = (): string => "red";

describe("curves", () => {
  it("show every value of a short series", () => {
    const bins = binSeries({ name: "a", steps: [0, 10, 20], values: [4, 2, 1] });
    expect(bins.map(({ step, middle }) => [step, middle])).toEqual([
      [0, 4],
      [10, 2],
      [20, 1],
    ]);
  });

  it("show medians and deciles of a long one", () => {
    const steps = Array.from({ length: 1980 }, (_, i) => i);
    const bins = binSeries({ name: "a", steps, values: steps.map((i) => 1 + (i % 11)) });
    expect(bins).toHaveLength(180);
    expect(bins[7]).toEqual({ step: 82, low: 2, middle: 6, high: 10 });
  });

  it("pool the values of all seeds at a step", () => {
    const bins = binSeries({ name: "a", steps: [0, 0, 0, 10, 10, 10], values: [3, 1, 2, 8, 6, 7] });
    expect(bins).toEqual([
      { step: 0, low: 1, middle: 2, high: 3 },
      { step: 10, low: 6, middle: 7, high: 8 },
    ]);
  });

  it("leave out what a logarithm cannot show", () => {
    const values = [1, 0, -1, Number.NaN, Infinity, 2];
    expect(binSeries({ name: "a", steps: [1, 2, 3, 4, 5, 6], values }).map(({ step }) => step)).toEqual([1, 6]);
  });

  it("are drawn even when nothing can be shown", () => {
    const nothing = drawCurves({ title: "Loss", series: [{ name: "a", steps: [1], values: [Number.NaN] }] }, palette);
    expect(nothing).toContain('aria-label="Loss: a"');
    expect(nothing).not.toContain("NaN");
  });
});
