import { metrics, type Spread, spreadOf } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { renderStudy } from "../../src/report/renderStudy.ts";
import type { ResultColumn } from "../../src/report/resultColumns.ts";
import { formatSpread } from "../../src/report/resultColumns.ts";
import { drawSpreads } from "../../src/report/spreadPlot.ts";
import type { StudiedProblem, StudyRow } from "../../src/report/study.ts";
import { formatStudy } from "../../src/report/studyTable.ts";

const spread = (...values: number[]): Spread => spreadOf(values) as Spread;
const column = (key: ResultColumn["key"]): ResultColumn => ({
  key,
  title: key,
  format: (value) => (value === undefined ? "–" : value.toFixed(2)),
  metric: metrics.energyDistance,
});

const row = (name: string, family: string, scores: StudyRow["scores"], rest: Partial<StudyRow> = {}): StudyRow => ({
  ...{ name, family, scores, kind: "loss", diverged: 0, failures: [] },
  ...rest,
});

const problem: StudiedProblem = {
  name: "moons",
  description: "Two half circles.",
  units: "in data units",
  rows: [
    row("lsd", "forward", { energyDistance: spread(0.1, 0.3) }, { beatsGaussianFit: true }),
    row("esd", "backward", { energyDistance: spread(0.4, 0.5) }, { beatsGaussianFit: false }),
    row(
      "<meanFlow>",
      "backward",
      { energyDistance: spread(Number.NaN) },
      { diverged: 1, failures: ["seed 1: no disk"] },
    ),
    row("Gaussian fit", "baseline", { energyDistance: spread(0.35) }, { kind: "baseline" }),
  ],
};

describe("the mark of a loss that does not beat the Gaussian", () => {
  it("names the Gaussian of the last row", () => {
    const perClass = row("Gaussian per class", "baseline", { energyDistance: spread(0.35) }, { kind: "baseline" });
    const ofClasses = { ...problem, rows: [...problem.rows.slice(0, -1), perClass] };
    const meaning = "✗: not every seed comes closer to the data than a Gaussian";
    expect(formatStudy(problem)).toContain(`${meaning} fit`);
    expect(formatStudy(ofClasses)).toContain(`${meaning} per class`);
    expect(formatStudy(ofClasses)).not.toContain("Gaussian fit");
  });
});

describe("spreadOf", () => {
  it("is the mean and the standard deviation with divisor n − 1", () => {
    const { mean, deviation } = spread(1, 2, 6);
    expect(mean).toBeCloseTo(3, 14);
    expect(deviation).toBeCloseTo(Math.sqrt((4 + 1 + 9) / 2), 14); // and not √(14/3)
  });

  it("is 0 around one value, and leaves out what is not finite", () => {
    expect(spread(2)).toEqual({ mean: 2, deviation: 0, values: [2] });
    expect(spread(1, Number.NaN, 3)).toMatchObject({ mean: 2, deviation: Math.SQRT2 });
    expect(spread(Number.NaN).mean).toBeNaN();
    expect(spreadOf([])).toBeUndefined();
  });
});

describe("formatSpread", () => {
  it("shows the deviation as finely as the mean, and none of one value", () => {
    expect(formatSpread(column("energyDistance"), spread(0.5, 0.503))).toBe("0.50 ± 0.00");
    expect(formatSpread(column("energyDistance"), spread(0.5))).toBe("0.50");
    expect(formatSpread(column("energyDistance"), undefined)).toBe("–");
  });
});

describe("formatStudy", () => {
  it("stands family by family, marks losses that do not beat the Gaussian fit, and names trainings that diverged or failed", () => {
    const lines = formatStudy(problem).split("\n");
    const place = (text: string): number => lines.findIndex((line) => line.trimStart().startsWith(text));
    const places = [
      "moons: Two",
      "energy distance",
      "forward",
      "lsd",
      "backward",
      "✗ esd",
      "for comparison",
      "Gaussian",
    ].map(place);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(lines[place("lsd")]).toContain("0.200 ± 0.141");
    expect(lines).toContain("<meanFlow>: its loss stopped being finite in 1 training.");
    expect(lines).toContain("<meanFlow> failed, seed 1: no disk");
  });
});

describe("drawSpreads", () => {
  const bars = (deviation: number): number[] => {
    const scores = { energyDistance: { mean: 1, deviation, values: [1, 1] } };
    const svg = drawSpreads(
      [row("a", "x", scores), row("b", "x", { energyDistance: spread(100) })],
      column("energyDistance"),
      () => "red",
    );
    return Array.from(svg?.matchAll(/ d="M([\d.]+),([\d.]+)L([\d.]+),\2"/g) ?? [], ([, , , end]) => Number(end));
  };

  it("draws an error bar to the mean plus the deviation, and none of one value", () => {
    // From 0.1 to 100 the bar to 10 ends at two thirds of the axis.
    const [[none, right], [some]] = [bars(0), bars(9)];
    expect(some).toBeGreaterThan(none);
    expect(some).toBeLessThan(right);
  });

  it("draws nothing for fewer than two scores", () => {
    const one = [row("a", "x", { energyDistance: spread(1) }), row("b", "x", {})];
    expect(drawSpreads(one, column("energyDistance"), () => "red")).toBeUndefined();
  });
});

describe("renderStudy", () => {
  it("is one page that needs nothing else, with a table and plots of each problem", () => {
    const page = renderStudy({
      ...{
        title: "A study",
        summary: "Fine.",
        command: "compare --all",
        created: "2025-03-04T10:20:30.000Z",
        seeds: 2,
      },
      ...{ problems: [problem], environment: { Node: "20" }, config: {} },
    });
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|src="http|<link|@import/);
    expect(page).toContain("&lt;meanFlow&gt;");
    expect(page).not.toContain("<meanFlow>");
    expect(page).toContain("0.200 ± 0.141");
    expect(page.match(/class="missed"/g)).toHaveLength(1);
    expect(page.match(/<svg [^>]*role="img"/g)).toHaveLength(1);
  });
});
