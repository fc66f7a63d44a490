import { describe, expect, it } from "vitest";
import { checkPrinted } from "../../../scripts/examples.ts";
import { guideExamples } from "../../build/site/guideExamples.ts";
import { guidePages } from "../../build/site/guidePages.ts";
import { expectReadable } from "../support/readers.ts";
import { siteOfTests } from "../support/siteOfTests.ts";

const site = siteOfTests();

/** The examples that run in the page, by the file of their guide. */
const examples = guidePages()
  .map((guide) => ({ file: guide.file, runs: guideExamples(guide).filter((each) => each !== undefined) }))
  .filter(({ runs }) => runs.length > 0);

describe("examples of a guide", () => {
  it.each(examples)("of $file print in the page what they promise", async ({ file, runs }) => {
    const { page, faults, violations } = await site().tab({ file });
    await page.evaluate(() => {
      for (const closed of document.querySelectorAll("details")) closed.open = true;
    });
    for (const example of runs) {
      const block = page.locator(`[data-example="${example.name}"]`);
      await block.getByRole("button", { name: "Run" }).press("Enter");
      await block.locator(`[data-done="${example.name}"]`).waitFor();
      const output = (await block.locator(".output").textContent())!;
      checkPrinted(example.name, example, output);
      expect(() => checkPrinted(example.name, { ...example, prints: [...example.prints, "more"] }, output)).toThrow(); // control
    }
    expect([faults, await violations()]).toEqual([[], []]);
  });

  it("say why they cannot run where workers are forbidden", async () => {
    const { page } = await site().tab({
      file: "guides/autodiff.html",
      headers: { "Content-Security-Policy": "worker-src 'none'" },
    });
    await page.getByRole("button", { name: "Run" }).first().press("Enter");
    await page.getByText("The worker of this pane stopped").waitFor();
  });
});

describe("pages of the site", () => {
  const files = [
    "guides/index.html",
    "guides/lab.html",
    "guides/losses.html",
    "guides/lesson.html",
    "guides/losses/meanFlow.html",
    "api/index.html",
    "api/flows.html",
    "api/tensor.html",
  ];
  it.each(files)("%s meets no barrier of WCAG A and AA, and is not wider than the window", async (file) => {
    for (const [colorScheme, width] of [
      ["light", 1280],
      ["dark", 360],
    ] as const) {
      const tab = await site().tab({ file, colorScheme, width });
      await expectReadable(tab);
      expect([tab.faults, await tab.violations()]).toEqual([[], []]);
    }
  });

  it("are found by their titles, with the keys alone", async () => {
    const { page } = await site().tab({ file: "guides/losses/meanFlow.html" });
    const field = page.getByLabel("Search titles");
    await field.focus();
    await page.keyboard.type("stop gradi");
    await page.locator("header.site").getByRole("link", { name: "Stop-gradients in five experiments" }).waitFor();
    await field.fill("zzzzzz");
    await page.getByText("No title has these words.").waitFor();
    await field.fill("average vel");
    await page.keyboard.press("Escape");
    await field.fill("from scratch");
    await page.locator("header.site").getByRole("link", { name: "The engine from scratch" }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/guides\/fromScratch\.html$/);
  });

  it("contain every export, found by its name", async () => {
    const { page } = await site().tab({ file: "index.html" });
    await page.getByLabel("Search titles").fill("gaussianMix");
    const found = page.locator("header.site").getByRole("link", { name: "gaussianMixture()" });
    await found.waitFor();
    await found.press("Enter");
    await page.waitForURL(/api\/flows\.html#gaussianmixture-1$/);
    const heading = page.getByRole("heading", { name: "gaussianMixture()", exact: true });
    expect((await heading.boundingBox())!.y).toBeLessThan(100);
  });

  it("lead from a loss to the race of this loss", async () => {
    const { page } = await site().tab({ file: "guides/losses/lsd.html" });
    await page.getByRole("link", { name: "Race", exact: true }).last().click();
    await page.waitForSelector('article[data-loss="lsd"][data-done="0"]');
  });
});
