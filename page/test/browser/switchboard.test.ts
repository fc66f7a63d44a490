import { exportLoss } from "@pushforward/export";
import { losses, recipes } from "@pushforward/losses";
import { builtinProblems, lossPlacements, type PlacementFigures, train } from "@pushforward/training";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { firstBoard } from "../../src/switchboard/boardState.ts";
import { smallLanes, smallRaceSettings } from "../../src/switchboard/smallRace.ts";
import { digest } from "../../src/work/digest.ts";
import { expectReadable, looks, withoutWorkers } from "../support/readers.ts";
import { runProgram } from "../support/runProgram.ts";
import { siteOfTests } from "../support/siteOfTests.ts";

const site = siteOfTests();
const file = "switchboard.html";
const current = (page: Page) => page.waitForSelector('.board[data-current="true"] [data-figure]');
const numberOf = async (page: Page, figure: string): Promise<number> =>
  Number(await page.locator(`[data-figure="${figure}"]`).getAttribute("data-number"));

/** Figures by the package, as the pane must show them. */
const figuresOf = (velocity: "exact" | "conditional", withoutStops: readonly string[]): PlacementFigures =>
  lossPlacements(losses.meanFlow, { problem: builtinProblems.eightGaussians(), velocity }, 1).measure({
    withoutStops,
    cuts: [],
  });

describe("the first scene", () => {
  it("has the figures of the package, and no faults", async () => {
    const { page, faults, violations } = await site().tab({ file });
    await current(page);
    for (const [name, velocity] of [
      ["exact", "exact"],
      ["single", "conditional"],
    ] as const) {
      const { value, groups } = figuresOf(velocity, ["target"]);
      expect(await numberOf(page, `${name} value`)).toBe(value);
      expect(await numberOf(page, `${name} trueCosine`)).toBeCloseTo(groups[0].trueCosine, 12);
      expect(groups[0].trueCosine).not.toBeCloseTo(figuresOf(velocity, []).groups[0].trueCosine, 3); // control
    }
    const sizes = await page
      .locator("svg[data-boxes] rect")
      .evaluateAll((boxes) =>
        boxes.map((box) => (box instanceof SVGRectElement ? box.getBBox().width * box.getBBox().height : 0)),
      );
    expect(sizes.length).toBeGreaterThan(5);
    for (const size of sizes) expect(size).toBeGreaterThan(500); // the boxes are drawn
    expect([faults, await violations()]).toEqual([[], []]);
  });
});

describe("switches", () => {
  it("are worked by keyboard, and a link restores them", async () => {
    const { page } = await site().tab({ file });
    await current(page);
    const value = await numberOf(page, "single value");
    await page.locator('[data-box="stop target"]').focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-box="stop target"][aria-checked="true"]');
    await page.locator('[data-box="u"]').first().focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => Number(document.querySelector("svg[data-boxes]")?.getAttribute("data-boxes")) > 12,
    );
    const edge = page.locator("[data-edge]").last();
    const cut = await edge.getAttribute("data-edge");
    await edge.focus();
    await page.keyboard.press("Space");
    await page.waitForSelector(`[data-edge="${cut}"][aria-checked="true"]`);
    await current(page);
    expect(await numberOf(page, "single value")).toBe(value);
    await page.getByText("join the cut arrows again to race").waitFor();
    const again = (await site().tab({ file, hash: new URL(page.url()).hash })).page;
    await again.waitForSelector(`[data-edge="${cut}"][aria-checked="true"]`);
    await current(again);
    expect(await numberOf(again, "single length")).toBe(await numberOf(page, "single length"));
  });

  it("have presets: all cuts everything, no_grad makes forward and reverse mode differ", async () => {
    const { page } = await site().tab({ file });
    await current(page);
    await page.getByRole("button", { name: "PyTorch no_grad" }).press("Enter");
    await page.waitForFunction(() => {
      const gap = document.querySelector('[data-figure="single gap"]')?.getAttribute("data-number");
      return Number(gap) > 0.1;
    });
    await page.getByRole("button", { name: "All", exact: true }).press("Enter");
    await page.getByText("Everything is cut").waitFor();
    await page.getByRole("button", { name: "Paper", exact: true }).press("Enter");
    await page.waitForSelector('[data-box="stop target"][aria-checked="true"]');
  });
});

describe("the small race", () => {
  it("trains the chosen placement beside the paper's, with each velocity, to the bits of train", async () => {
    const { page, faults } = await site().tab({ file });
    await current(page);
    await page.getByRole("button", { name: "Train", exact: true }).press("Enter");
    await page.waitForSelector('[data-race="finished"]', { timeout: 240_000 });
    await page.locator("article[data-losses]").nth(3).waitFor(); // every lane has come to rest
    const digests = await page
      .locator("article[data-losses]")
      .evaluateAll((lanes) => lanes.map((lane) => (lane as HTMLElement).dataset.losses));
    expect(new Set(digests).size).toBe(4); // both velocities, with the stop and without
    const choices = smallLanes(firstBoard);
    const { withoutStops, velocity } = choices[choices.length - 1];
    const flow = await train(recipes.meanFlow, builtinProblems.eightGaussians(), {
      ...smallRaceSettings(firstBoard.seed),
      backend: "wasm",
      teacherVelocity: "exact",
      ...(velocity ? { velocity } : {}),
      ...(withoutStops.length > 0 ? { withoutStops: [...withoutStops] } : {}),
    });
    expect(digests).toContain(digest(Float64Array.from(flow.losses)));
    expect(faults).toEqual([]);
  });
});

describe("things to take along", () => {
  it("are a program that prints the figures, and sources of JAX and PyTorch while only stops are switched", async () => {
    const { page } = await site().tab({ file });
    await current(page);
    await page.getByRole("button", { name: "TypeScript" }).press("Enter");
    const program = await page.getByRole("textbox", { name: "TypeScript" }).inputValue();
    const printed = runProgram(program);
    const { value, groups } = figuresOf("conditional", ["target"]);
    expect(printed).toContain(`value: ${value}`);
    expect(printed).toContain(`trueCosine: ${groups[0].trueCosine}`);
    await page.getByRole("button", { name: "JAX" }).press("Enter");
    const text = page.getByRole("textbox", { name: "JAX" });
    expect(await text.inputValue()).toBe(exportLoss(losses.meanFlow, { to: "jax", withoutStops: ["target"] }));
  });
});

describe("every reader", () => {
  it.each(looks)("meets no barriers (%s, %i pixels wide)", async (colorScheme, width) => {
    const tab = await site().tab({ file, width, colorScheme });
    await current(tab.page);
    await expectReadable(tab);
  });

  it("reads a sentence about a bad link, a bad seed, a cut that is not there, and forbidden workers", async () => {
    const { page } = await site().tab({ file, hash: "#v=1&loss=best" });
    await page.getByText("This link cannot be read: loss: must be a loss of this page.").waitFor();
    await current(page);
    await page.getByLabel("Seed").fill("many");
    await page.getByLabel("Seed").press("Enter");
    await page.getByText('Seed must be a whole number from 0 to 9999, got "many".').waitFor();
    const stray = (await site().tab({ file, hash: "#v=1&cut=999.0" })).page;
    await stray.getByText("cutProgram: a use must be an operand").waitFor();
    const without = (await site().tab({ file, before: withoutWorkers })).page;
    await without.getByText("This browser starts no workers here").first().waitFor();
  });
});
