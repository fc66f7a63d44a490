import * as Plot from "@observablehq/plot";
import { describe, expect, it } from "vitest";
import { drawSvg, pathMark } from "../../src/report/drawSvg.ts";
import { formatLogTick, logTicks } from "../../src/report/logTicks.ts";

describe("drawSvg", () => {
  it("gives SVG that can stand alone, with a label and without a style sheet", () => {
    const svg = drawSvg({ marks: [Plot.dot([[1, 2]])] }, `a "label" & more`);
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('aria-label="a &quot;label&quot; &amp; more"');
    expect(svg).not.toContain("<style");
  });

  it("draws a path by hand with the scales of the axes, cut off at the frame", () => {
    const mark = pathMark({ stroke: "red" }, (x, y) => `M${x(0)} ${y(0)}L${x(1)} ${y(2)}`);
    const options = { width: 120, height: 70, margin: 10, x: { domain: [0, 1] }, y: { domain: [0, 2] }, axis: null };
    const svg = drawSvg({ ...options, marks: [mark] }, "line");
    expect(svg).toContain('d="M10 60L110 10"');
    expect(svg).toContain('viewBox="10 10 100 50"');
  });
});

describe("logTicks", () => {
  it("takes 1, 2, 5 over few decades and powers of ten over many", () => {
    expect(logTicks(0.018, 1.1)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1]);
    expect(logTicks(1e-4, 2)).toEqual([1e-4, 1e-3, 0.01, 0.1, 1]);
    expect(logTicks(1e-12, 1e6).length).toBeLessThan(9);
    expect(logTicks(0.71, 1.45).length).toBeLessThan(13);
    expect(logTicks(0.71, 1.45).length).toBeGreaterThan(3);
  });

  it("says small ones as powers of ten", () => {
    expect([0.02, 5, 1000, 1e-4, 5e-6, 1e5].map(formatLogTick)).toEqual(["0.02", "5", "1000", "10⁻⁴", "5·10⁻⁶", "10⁵"]);
  });
});
