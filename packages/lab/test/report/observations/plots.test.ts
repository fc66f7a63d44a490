import { heatScaleOf, levelOf, heatLevels as levels } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { heatColors } from "../../../src/report/observations/heatScale.ts";
import { lineKeys } from "../../../src/report/observations/lineKey.ts";
import { drawLines } from "../../../src/report/observations/linesPlot.ts";
import { observedBins, quantileOf } from "../../../src/report/observations/observedBins.ts";
import { pooledSteps } from "../../../src/report/observations/pooledSteps.ts";
import { filled, hatched } from "../../../src/report/observations/splitPlot.ts";
import { logDomain, spreadOut } from "../../../src/report/observations/stepFrame.ts";
import { fromTop } from "../../../src/report/observations/timeMap.ts";

const training = (values: readonly (readonly (number | null)[])[]) => ({
  name: "a",
  seeds: values.map((each, seed) => ({
    seed,
    observations: each.map((value, i) => ({ step: 10 * i, figures: { gradientBias: { bias: [value] } } })),
  })),
});

describe("bins of observations", () => {
  it("have quantiles between the values of few seeds", () => {
    expect(quantileOf([1, 2, 4], 0.5)).toBe(2);
    expect(quantileOf([1, 2], 0.5)).toBe(1.5);
    expect(quantileOf([0, 10], 0.1)).toBeCloseTo(1, 14);
    expect(quantileOf([], 0.5)).toBeNaN();
  });

  it("pool all seeds, and keep a place for steps without a finite value", () => {
    const bins = observedBins(
      training([
        [1, null, 3],
        [2, null, null],
      ]),
      "gradientBias",
      "bias",
    );
    expect(bins.map(({ step, middle }) => [step, middle])).toEqual([
      [0, 1.5],
      [10, Number.NaN],
      [20, 3],
    ]);
  });

  it("of maps and fans are pooled place by place", () => {
    const observations = [{ step: 4, figures: { times: { error: [1, 2] } } }];
    const others = [{ step: 4, figures: { times: { error: [3, 6] } } }];
    const both = {
      name: "a",
      seeds: [
        { seed: 0, observations },
        { seed: 1, observations: others },
      ],
    };
    expect(pooledSteps(both, "times", "error")).toEqual([{ step: 4, values: [2, 4] }]);
  });
});

describe("lines", () => {
  const frame = { width: 420, steps: [0, 20], axis: "log", domain: [0.1, 10] } as const;
  const [key] = lineKeys(["bias"]);
  const bin = (step: number, middle: number) => ({ step, low: middle, middle, high: middle });
  const linesOf = (values: readonly number[]): string => {
    const bins = values.map((value, i) => bin(10 * i, value));
    return drawLines({ title: "a", color: "red", frame, lines: [{ key, bins }] });
  };
  /** Outlines of the line, which is the mark with this width. */
  const outline = (svg: string): string => /stroke-width="1\.6"[^>]*>\s*<path d="([^"]*)"/.exec(svg)![1];

  it("have a gap where a logarithm cannot show a value", () => {
    expect(outline(linesOf([1, 2, 3])).match(/M/g)).toHaveLength(1);
    expect(outline(linesOf([1, 0, 3])).match(/M/g)).toHaveLength(2);
    expect(outline(linesOf([1, Number.NaN, 3])).match(/M/g)).toHaveLength(2);
    expect(linesOf([1, 0, 3]).match(/<circle/g)).toHaveLength(2);
    expect(linesOf([1, 2, 3])).not.toContain("<circle");
  });

  it("have letters that are not mistaken for digits, and dashes that differ", () => {
    const keys = lineKeys(Array.from({ length: 40 }, (_, i) => `series ${i}`));
    expect(new Set(keys.map(({ letter }) => letter)).size).toBe(40);
    expect(keys.map(({ letter }) => letter).join("")).not.toMatch(/[ilo]/);
    expect(new Set(keys.slice(0, 9).map(({ dashes }) => dashes)).size).toBe(9);
  });

  it("have a domain of positive numbers only", () => {
    expect(logDomain([0, -1, 2, 8, Number.NaN, Infinity], 2)).toEqual([1, 16]);
    expect(logDomain([0], 2)).toEqual([0.1, 1]);
  });
});

describe("labels", () => {
  it("stay where there is room, in their order, and move apart where they are close", () => {
    expect(spreadOut([50, 10], 10, [0, 100])).toEqual([50, 10]);
    expect(spreadOut([52, 50], 10, [0, 100])).toEqual([60, 50]);
    expect(spreadOut([99, 98, 97], 10, [0, 100])).toEqual([100, 90, 80]);
    expect(spreadOut([-5, 300], 10, [0, 100])).toEqual([0, 100]);
  });
});

describe("areas of parts", () => {
  it("are filled where the part is positive and hatched where it is negative, up to the crossing", () => {
    // y grows downwards: the part is 10 pixels high at x = 0 and −10 pixels at x = 20
    const slices = [
      { x: 0, before: 50, after: 40 },
      { x: 20, before: 50, after: 60 },
    ];
    expect(filled(slices)).toBe("M0 50L10 50V50L0 40Z");
    expect(hatched(slices)).toBe("M12 50V52M16 50V56");
  });

  it("have a gap where a value is missing", () => {
    const slices = [
      { x: 0, before: 50, after: 40 },
      { x: 20, before: 50, after: Number.NaN },
    ];
    expect(filled(slices) + hatched(slices)).toBe("");
  });
});

describe("colours of maps", () => {
  const scale = heatScaleOf([1, 10, 100])!;

  it("are logarithmic, with the ends for everything beyond, and none for a missing value", () => {
    expect(scale.domain).toEqual([1, 100]);
    expect([1, 10, 100].map((value) => levelOf(scale, value))).toEqual([1, 1 + Math.round((levels - 1) / 2), levels]);
    expect([0, 0.5, 1e9].map((value) => levelOf(scale, value))).toEqual([1, 1, levels]);
    expect(levelOf(scale, Number.NaN)).toBe(0);
  });

  it("reach over four decades at most, and exist for equal values but not for none", () => {
    expect(heatScaleOf([1e-9, 1])!.domain).toEqual([1e-4, 1]);
    const [low, high] = heatScaleOf([2, 2])!.domain;
    expect(low < 2 && 2 < high).toBe(true);
    expect(heatScaleOf([0, Number.NaN, -1])).toBeUndefined();
  });

  it("become darker in even steps, so that black and white shows them", () => {
    const linear = (channel: number): number => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    };
    // CIE lightness L* of the luminance; none of these colours is so dark that its linear part counts
    const lightness = heatColors.map(
      ([r, g, b]) => 116 * Math.cbrt(0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)) - 16,
    );
    const steps = lightness.slice(1).map((each, i) => lightness[i] - each);
    expect(heatColors).toHaveLength(levels);
    expect(lightness[0] - lightness[levels - 1]).toBeGreaterThan(65);
    expect(Math.min(...steps)).toBeGreaterThan(1);
    expect(Math.max(...steps)).toBeLessThan(4);
  });

  it("of a picture begin with the largest s", () => {
    const cells = Array.from({ length: 256 }, (_, i) => i);
    expect(fromTop(cells).slice(0, 2)).toEqual([240, 241]);
    expect(fromTop(cells).slice(-2)).toEqual([14, 15]);
  });
});
