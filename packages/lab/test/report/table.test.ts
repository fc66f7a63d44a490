import { describe, expect, it } from "vitest";
import type { ResultRow } from "../../src/report/report.ts";
import { columnsOf, isBest } from "../../src/report/resultColumns.ts";
import { formatTable } from "../../src/report/table.ts";

const rows: readonly ResultRow[] = [
  { name: "meanFlow", kind: "loss", steps: 4000, seconds: 21.34, oneStepError: 0.0412, energyDistance: 0.0021 },
  { name: "lsd", kind: "loss", steps: 4000, seconds: 130, oneStepError: 0.031, energyDistance: Number.NaN },
  { name: "teacher", kind: "teacher", steps: 6000, seconds: 25, oneStepError: 0.002, energyDistance: 0.0009 },
  { name: "Gaussian fit", kind: "baseline", energyDistance: 0.11 },
];

describe("formatTable", () => {
  it("aligns scores to the right, stars the best loss, and draws a rule between losses and other rows", () => {
    expect(formatTable(rows).replaceAll("\u202f", "_").split("\n")).toEqual([
      "              steps         time   1-step error   energy distance",
      "──────────────────────────────────────────────────────────────────",
      "meanFlow      4_000       21.3 s         0.0412           0.00210*",
      "lsd           4_000   2 min 10 s         0.0310*         diverged",
      "──────────────────────────────────────────────────────────────────",
      "teacher       6_000       25.0 s        0.00200            9.0e−4",
      "Gaussian fit      –            –              –             0.110",
      "",
      "* best of its column among the losses",
    ]);
  });

  it("leaves out columns without a score", () => {
    expect(columnsOf(rows).map(({ key }) => key)).toEqual(["steps", "seconds", "oneStepError", "energyDistance"]);
  });

  it("has no winner where one loss runs alone, where all diverged, or outside the measured columns", () => {
    const [steps, , oneStep, energy] = columnsOf(rows);
    expect(isBest(rows[1], oneStep, rows)).toBe(true);
    expect(isBest(rows[2], oneStep, rows)).toBe(false);
    expect(isBest(rows[1], oneStep, rows.slice(1))).toBe(false);
    expect(isBest(rows[0], steps, rows)).toBe(false);
    const diverged = rows.slice(0, 2).map((row) => ({ ...row, energyDistance: Infinity }));
    expect(diverged.some((row) => isBest(row, energy, diverged))).toBe(false);
  });
});
