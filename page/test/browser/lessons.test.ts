import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { guidePages } from "../../build/site/guidePages.ts";
import { panes } from "../../src/lessons/panes.ts";
import { expectReadable } from "../support/readers.ts";
import { siteOfTests } from "../support/siteOfTests.ts";

const site = siteOfTests();
const lessons = guidePages().filter(({ file }) => file.startsWith("lessons/"));

/** Brings every pane of a lesson near the window, which mounts it. */
async function mountAll(page: Page): Promise<void> {
  for (const pane of await page.locator("[data-pane]").all()) {
    await pane.scrollIntoViewIfNeeded();
    await pane.locator("a.whole[href]").waitFor();
  }
}

describe("lessons", () => {
  it("name panes that there are", () => {
    const named = lessons.flatMap(({ text }) => Array.from(text.matchAll(/^```pane (\w+)$/gm), ([, name]) => name));
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !Object.hasOwn(panes, name))).toEqual([]);
  });

  it.each(lessons.map(({ file }) => file))("%s shows its panes without barriers, at 360 pixels too", async (file) => {
    for (const [colorScheme, width] of [
      ["light", 1280],
      ["dark", 360],
    ] as const) {
      const tab = await site().tab({ file, colorScheme, width });
      await mountAll(tab.page);
      await expectReadable(tab);
      expect([tab.faults, await tab.violations()]).toEqual([[], []]);
      expect(await tab.page.getByRole("alert").allTextContents()).toEqual([]); // every link could be read
      expect(new URL(tab.page.url()).hash).toBe(""); // an embedded pane leaves the address as it is
    }
  });

  it.each([
    ["dualNumbers", "exp(2 * x)"],
    ["transposing", "x^2 - y^2"],
    ["stopGradients", "1 + log(x) - sg(log(x))"],
  ])("%s has a task that tells what is missing, and that is solved by keyboard", async (name, solution) => {
    const { page } = await site().tab({ file: `lessons/${name}.html` });
    await mountAll(page);
    const task = page.locator("[data-task]");
    await task.getByRole("button", { name: "Check" }).press("Enter");
    await task.getByText("Not yet: at x =").waitFor();
    const formula = page.locator("[data-pane]").last().getByLabel("Formula");
    await formula.fill(solution);
    await formula.press("Enter");
    await page.waitForFunction(
      (text) =>
        new URLSearchParams(
          Array.from(document.querySelectorAll<HTMLElement>("[data-pane]")).at(-1)!.dataset.link!.slice(1),
        ).get("f") === text,
      solution,
    );
    await task.getByRole("button", { name: "Check" }).press("Enter");
    await page.waitForSelector('[data-task][data-solved="true"]');
  });

  it("a pane of a lesson opens in its own page as it is", async () => {
    const { page } = await site().tab({ file: "lessons/dualNumbers.html" });
    await page.locator("[data-pane]").first().locator("a.whole[href]").click();
    await page.waitForURL(/stepper\.html#v=1&show=own&f=sin/);
    await page.getByLabel("Formula").waitFor();
    expect(await page.getByLabel("Formula").inputValue()).toBe("sin(x * y) + x^2");
  });
});
