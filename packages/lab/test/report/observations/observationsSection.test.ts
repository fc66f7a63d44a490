import { type FigureName, figures } from "@pushforward/training";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { renderReport } from "../../../src/report/renderReport.ts";
import type { ObservedTraining, Report } from "../../../src/report/report.ts";
import { exampleReport } from "../exampleReport.ts";
import { exampleObservations } from "./exampleObservations.ts";

const bare: Report = { ...exampleReport(), samples: [], trajectories: [], curves: [], images: [], formulas: [] };
const results: Report["results"] = exampleObservations().map(({ name }) => ({ name, kind: "loss" }));
const pageOf = (observations: readonly ObservedTraining[] | undefined): string =>
  renderReport({ ...bare, results, observations });
const page = pageOf(exampleObservations());
const sectionOf = (text: string) => parseHTML(text).document.querySelector(".observed")!;
const section = sectionOf(page);
const texts = (root: ReturnType<typeof sectionOf>, selector: string): string[] =>
  [...root.querySelectorAll(selector)].map(({ textContent }) => textContent.trim());

describe("the section of observations", () => {
  it("does not change a report without them by a byte", () => {
    const before = renderReport({ ...bare, results });
    expect(pageOf(undefined)).toBe(before);
    expect(pageOf([])).toBe(before);
    expect(pageOf([{ name: "meanFlow", seeds: [{ seed: 0, observations: [] }] }])).toBe(before);
    expect(before).not.toContain("observed");
  });

  it("has every observed figure with its title and meaning, one card per training that has it", () => {
    const names = Object.keys(exampleObservations()[0].seeds[0].observations[0].figures) as FigureName[];
    const blocks = [...section.querySelectorAll(".pack > div")].filter((block) => block.querySelector("h3"));
    expect(blocks.map((block) => block.querySelector("h3")!.textContent)).toEqual(names.map((n) => figures[n].title));
    for (const [i, name] of names.entries()) {
      expect(blocks[i].textContent).toContain(figures[name].meaning);
      if (figures[name].kind === "times") continue;
      expect(texts(blocks[i], "figcaption")).toEqual(
        name === "stopCosine" ? ["meanFlow"] : ["meanFlow", "meanFlow@-target"],
      );
    }
    expect(blocks[names.indexOf("stopCosine")].textContent).toContain("Not measured in meanFlow@-target");
  });

  it("tells lines apart by letters and dashes", () => {
    const legend = texts(section, ".legend").find((text) => text.includes("layers[0].bias"))!;
    expect(legend.replace(/\s+/g, " ")).toBe("a allb layers[0].bias");
    const svg = section.querySelector('svg[aria-label="Length of the gradient, by layer: meanFlow"]')!;
    expect(texts(svg, "text")).toEqual(expect.arrayContaining(["a", "b"]));
    expect(svg.querySelectorAll("[stroke-dasharray]").length).toBeGreaterThan(0);
  });

  it("names every line of a split by its parts", () => {
    const svg = section.querySelector('svg[aria-label="Parts of the loss: meanFlow"]')!;
    expect(texts(svg, "text")).toEqual(expect.arrayContaining(["a", "a+b", "a+b+c"]));
  });

  it("has the maps of the first, a middle and the last step, and every step in a folded strip", () => {
    const notes = texts(section, ".moments text").filter((text) => text.startsWith("step"));
    const ofTraining = ["step 0", "step 40", "step 100"];
    expect(notes).toEqual(Array.from({ length: 2 * 2 + 2 }, () => ofTraining).flat());
    expect(section.querySelectorAll("details img")).toHaveLength(2 * 2 * 6);
    expect(texts(section, "summary")).toEqual(["error at all observed steps", "loss at all observed steps"]);
  });

  it("draws at most 24 maps of a long training", () => {
    const [{ name, seeds }] = exampleObservations();
    const [{ observations }] = seeds;
    const long = Array.from({ length: 100 }, (_, i) => ({ ...observations[i % 6], step: i }));
    const strip = sectionOf(pageOf([{ name, seeds: [{ seed: 0, observations: long }] }]));
    const steps = texts(strip.querySelector(".strip")! as typeof strip, "span");
    expect(steps).toHaveLength(24);
    expect([steps[0], steps.at(-1)]).toEqual(["0", "99"]);
  });

  it("draws numbers only, also of a training that diverged and of few observations", () => {
    const lost = exampleObservations().map(({ name, seeds }) => ({
      name,
      seeds: seeds.map(({ seed, observations }) => ({
        seed,
        observations: observations.slice(0, 2).map(({ step, figures: all }) => ({
          step,
          figures: JSON.parse(
            step === 0 ? JSON.stringify(all) : JSON.stringify(all).replace(/-?\d+(\.\d+)?(?=[,\]])/g, "null"),
          ),
        })),
      })),
    }));
    for (const text of [page, pageOf(lost), pageOf([{ ...lost[0], seeds: lost[0].seeds.slice(0, 1) }])]) {
      expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
    }
  });

  it("is self-contained and gives the same bytes for the same observations", () => {
    expect(pageOf(exampleObservations())).toBe(page);
    expect(section.querySelectorAll("script, link, iframe")).toHaveLength(0);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(24);
    expect(addresses.filter((address) => !address.startsWith("data:image/png;base64,"))).toEqual([]);
  });

  it("keeps names that look like HTML as text", () => {
    const hostile = exampleObservations().map((training) => ({ ...training, name: `<b>${training.name}` }));
    expect(pageOf(hostile)).not.toContain("<b>mean");
  });
});
