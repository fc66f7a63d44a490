import { DOMParser } from "linkedom";
import { describe, expect, it } from "vitest";
import { plotSamples } from "../../src/report/plotSamples.ts";
import { exampleReport } from "./exampleReport.ts";

const panels = exampleReport().samples!;

describe("plotSamples", () => {
  it("is one SVG file with a titled panel for each set", async () => {
    const root = new DOMParser().parseFromString(await plotSamples(panels), "image/svg+xml").documentElement!;
    expect(root.getAttribute("xmlns")).toBe("http://www.w3.org/2000/svg");
    expect(root.querySelectorAll(".plot")).toHaveLength(panels.length);
    expect([...root.querySelectorAll("text[font-weight]")].map((t) => t.textContent)).toEqual(
      panels.map((p) => p.name),
    );
  });

  it("defines every colour it uses", async () => {
    const svg = await plotSamples(panels);
    const used = new Set([...svg.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name));
    expect(used.size).toBeGreaterThan(4);
    expect([...used].filter((name) => !svg.includes(`${name}: #`))).toEqual([]);
  });

  it("draws each point of the view once", async () => {
    const [{ points }] = panels;
    const dots = (await plotSamples([{ name: "data", points }])).match(/h0/g)!.length;
    expect(dots).toBeGreaterThan(0.98 * (points.values.length / 2));
    expect(dots).toBeLessThanOrEqual(points.values.length / 2);
  });

  it("breaks into rows", async () => {
    const size = (svg: string): number[] =>
      svg
        .match(/viewBox="0 0 (\S+) (\S+)"/)!
        .slice(1)
        .map(Number);
    const [wide, low] = size(await plotSamples(panels));
    const [narrow, high] = size(await plotSamples(panels, { columns: 3 }));
    expect(narrow).toBeLessThan(wide);
    expect(high).toBeGreaterThan(low);
  });

  it("refuses nothing and points that are not in the plane", async () => {
    await expect(plotSamples([])).rejects.toThrow("at least one panel is needed, got none");
    await expect(plotSamples([{ name: "a", points: { values: [1], dim: 1 } }])).rejects.toThrow("[n, 2], got dim 1");
  });
});
