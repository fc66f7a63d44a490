import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { renderReport } from "../../src/report/renderReport.ts";
import { exampleReport } from "./exampleReport.ts";

const report = exampleReport();
const page = renderReport(report);
const { document } = parseHTML(page);
const textOf = (selector: string): string[] =>
  [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);

describe("renderReport", () => {
  it("shows every part under its heading", () => {
    const headings = ["Results", "Pictures", "Samples", "Trajectories", "Training", "Losses", "Problem", "Environment"];
    expect(textOf("h2")).toEqual(headings);
    expect(textOf("h1")).toEqual([report.title]);
    expect(textOf(".command")).toEqual([report.command]);
    expect(document.querySelectorAll("tbody tr")).toHaveLength(report.results.length);
    expect(document.querySelectorAll("svg.plot")).toHaveLength(1 + 6 + 5 + 2);
    expect(document.querySelectorAll("img")).toHaveLength(3);
    expect(document.querySelectorAll("math")).toHaveLength(2);
  });

  it("needs nothing but itself: no scripts, and every address is a link to read, a name or data", () => {
    expect(document.querySelectorAll("script, link, iframe, object")).toHaveLength(0);
    const addresses = [...page.matchAll(/(?:src|href|url)\s*[=(]\s*"?([^")\s>]+)/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(2);
    expect(addresses.filter((address) => !/^(data:image\/png|https:\/\/arxiv\.org\/abs\/)/.test(address))).toEqual([]);
    expect(page).not.toContain("@import");
    expect(page).not.toContain("@font-face");
  });

  it("names rows, columns and content of pictures", () => {
    const [, , steps] = document.querySelectorAll("img");
    expect(steps.getAttribute("alt")).toBe(
      "Pictures: meanFlow; a row for each class: ring, bar; columns by evaluations: 1, 2, ODE",
    );
    expect(textOf(".rows span")).toEqual(["ring", "bar"]);
    expect(textOf(".columns span")).toEqual(["1", "2", "ODE"]);
    const [width, height] = ["width", "height"].map((name) => steps.getAttribute(name));
    expect([width, height]).toEqual([String(3 * 9 + 1), String(2 * 9 + 1)]);
    expect(page).toContain("ODE: the solution of the teacher&#39;s ODE from the same noise.");
  });

  it("inverts ink on white paper in the dark, and no other pictures", () => {
    const inkOf = (range: readonly [number, number], channels: 1 | 3): boolean => {
      const pixels = { values: Float64Array.from({ length: 12 }, (_, i) => i), dim: 4 * channels };
      const panel = { name: "data", pixels, width: 2, height: 2, channels, range };
      const text = renderReport({ ...report, images: [panel], imageSteps: [] });
      return parseHTML(text).document.querySelector("img")!.classList.contains("ink");
    };
    expect([inkOf([0, 16], 1), inkOf([16, 0], 1), inkOf([16, 0], 3)]).toEqual([true, false, false]);
  });

  it("marks the best loss of each measured column", () => {
    const best = [...document.querySelectorAll("tbody tr")].map((row) => row.querySelectorAll(".best").length);
    expect(best).toEqual([0, 0, 4, 0, 0, 0]);
  });

  it("gives the same bytes for the same report", () => {
    expect(renderReport(exampleReport())).toBe(page);
  });

  it("draws numbers only", () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it("keeps text that looks like HTML as text", () => {
    const hostile = renderReport({ ...report, title: "<script>alert(1)</script>", summary: "a & b", command: "x > y" });
    expect(hostile).not.toContain("<script>");
    expect(parseHTML(hostile).document.querySelector("h1")!.textContent).toBe("<script>alert(1)</script>");
  });

  it("leaves out sections that have nothing to show", () => {
    const { title, summary, command, created, environment, problem, config } = report;
    const bare = { title, summary, command, created, environment, problem, config, results: [] };
    expect([...parseHTML(renderReport(bare)).document.querySelectorAll("h2")].map((h) => h.textContent)).toEqual([
      "Problem",
      "Environment",
    ]);
  });

  it("shows a run that diverged as such", () => {
    const lost = { values: Float64Array.from({ length: 20 }, () => Number.NaN), dim: 2 };
    const text = renderReport({
      ...report,
      results: [{ name: "lsd", kind: "loss", oneStepError: Number.NaN }, ...report.results],
      samples: [report.samples![0], { name: "lsd", points: lost }],
      trajectories: [{ ...report.trajectories![1], arrows: { from: lost, to: lost } }],
      curves: [{ title: "Loss", series: [{ name: "lsd", steps: [1, 2], values: [Number.NaN, Infinity] }] }],
    });
    expect(text).toContain('<td class="diverged">diverged</td>');
    expect(text).toContain("100 % outside the plot");
    expect(text).not.toContain("NaN");
  });

  it("compares distances to the data where no exact map is known", () => {
    const results = report.results.map(({ name, kind, energyDistance }) => ({ name, kind, energyDistance }));
    expect(renderReport({ ...report, results })).toContain("Energy distance of the samples to the data");
    expect(page).not.toContain("Energy distance of the samples to the data");
  });
});
