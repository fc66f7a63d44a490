import { describe, expect, it } from "vitest";
import { siteSizes } from "../../build/siteSizes.ts";
import { panePages } from "../../src/pages.ts";
import { expectReadable, looks } from "../support/readers.ts";
import type { Tab } from "../support/site.ts";
import { siteOfTests } from "../support/siteOfTests.ts";

const site = siteOfTests();

/** Waits until the workers of the first scene are ready and the recording is at its end. */
async function ready({ page }: Tab): Promise<void> {
  for (const place of [0, 1, 2, 3]) await page.waitForSelector(`article[data-lane="${place}"][data-pixels]`);
}

describe("the policy", () => {
  it("is violated by nothing in the page, with the headers of the command", async () => {
    const tab = await site().tab();
    await ready(tab);
    expect(await tab.page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect([await tab.violations(), tab.faults]).toEqual([[], []]);
  });

  it("holds on a host that sends no headers, by the page's own tag", async () => {
    const tab = await site().tab({ headers: {} });
    await ready(tab);
    expect([await tab.violations(), tab.faults]).toEqual([[], []]);
    await tab.page.evaluate(() => {
      document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'run'" }));
      document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>styled</p>");
    });
    await expect.poll(tab.violations).toEqual(["script-src-elem: inline", "style-src-attr: inline"]);
    expect(await tab.page.title()).not.toBe("run");
  });
});

describe("readers", () => {
  it.each(looks)(
    "meet no barrier of WCAG A and AA (%s, %i pixels wide), and nothing wider than the window",
    async (colorScheme, width) => {
      const tab = await site().tab({ colorScheme, width });
      await ready(tab);
      expect(await tab.barriers()).toEqual([]);
      for (const choice of ["drawn", "file"]) {
        await tab.page.getByLabel("Data", { exact: true }).selectOption(choice);
        expect(await tab.barriers()).toEqual([]);
      }
      await tab.page.getByRole("button", { name: "Command" }).click();
      await expectReadable(tab);
      await tab.page.evaluate(() => document.querySelector("article select")?.removeAttribute("aria-label"));
      expect((await tab.barriers()).join()).toMatch(/^select-name/); // control
    },
  );

  it("see a focus wherever it is", async () => {
    const tab = await site().tab();
    await ready(tab);
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      await tab.page.keyboard.press("Tab");
      const [name, width] = await tab.page.evaluate(() => {
        const focused = document.activeElement!;
        return [focused.tagName, getComputedStyle(focused).outlineWidth];
      });
      if (name === "BODY") break;
      seen.add(name);
      expect(width, name).toBe("3px");
    }
    expect([...seen].sort()).toEqual(["A", "BUTTON", "INPUT", "SELECT"]);
  });

  it("see a recorded race before the engine is there, all of it at once if they want no motion", async () => {
    const tab = await site().tab({
      headers: { "Content-Security-Policy": "worker-src 'none'" },
      reducedMotion: "reduce",
    });
    await tab.page.waitForSelector(`[data-recorded="${site().recorded}"]`);
    const colors = await tab.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>("article canvas.still")!;
      return new Set(
        new Uint32Array(canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.buffer),
      ).size;
    });
    expect(colors).toBeGreaterThan(4); // an empty canvas has one
  });
});

describe("sizes", () => {
  it("of the shells and of the race's worker are small", () => {
    const { answerRace, ...others } = siteSizes(site().built);
    const shells = Object.entries(others).filter(([name]) => name.endsWith(".html"));
    expect(shells.map(([name]) => name).sort()).toEqual(panePages.map(({ file }) => file).sort());
    for (const [name, size] of shells) {
      expect(size, name).toBeLessThan(60);
      expect(size, name).toBeGreaterThan(10); // scripts were counted
    }
    expect(answerRace).toBeLessThan(132);
    expect(answerRace).toBeGreaterThan(60); // the engine was counted
  });
});
