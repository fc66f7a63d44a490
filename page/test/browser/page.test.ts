import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { reasonToSkip } from "../../../tests/browser/test/support/chromium.ts";
import { Site, type Tab } from "../support/site.ts";

let site: Site;

beforeAll(async () => {
  if (!reasonToSkip) site = await Site.open();
});
afterAll(() => site?.close());
afterEach(() => site?.closeTabs());
beforeEach((context) => {
  if (reasonToSkip) context.skip(reasonToSkip);
});

const painted = (problem: string): string => `main[data-problem=${problem}]:not([data-pixels=""])`;
/** The digest of the picture. */
const pixelsOf = ({ page }: Tab, problem: string): Promise<string | null> =>
  page.locator(painted(problem)).getAttribute("data-pixels");

describe("the policy", () => {
  it("is violated by nothing in the page, with the headers of the command", async () => {
    const { page, violations, faults } = await site.tab();
    await page.waitForSelector(painted("gaussian"));
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect([await violations(), faults]).toEqual([[], []]);
  });

  it("holds on a host that sends no headers, by the page's own tag", async () => {
    const { page, violations, faults } = await site.tab({ headers: {} });
    await page.waitForSelector(painted("gaussian"));
    expect([await violations(), faults]).toEqual([[], []]);
    await page.evaluate(() => {
      document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'run'" }));
      document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>styled</p>");
    });
    await expect.poll(violations).toEqual(["script-src-elem: inline", "style-src-attr: inline"]);
    expect(await page.title()).not.toBe("run");
  });
});

describe("readers", () => {
  it.each([
    ["light", 1280],
    ["dark", 360],
  ] as const)(
    "meet no barrier of WCAG A and AA (%s, %i pixels wide), and nothing wider than the window",
    async (colorScheme, width) => {
      const { page, barriers } = await site.tab({ colorScheme, width });
      await page.waitForSelector(painted("gaussian"));
      expect(await barriers()).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.evaluate(() => document.querySelector("label")?.replaceWith(document.querySelector("select")!));
      expect((await barriers()).join()).toMatch(/^select-name/); // control
    },
  );

  it("choose data by keyboard, and a link restores the choice", async () => {
    const tab = await site.tab();
    const first = await pixelsOf(tab, "gaussian");
    await tab.page.keyboard.press("Tab");
    await tab.page.keyboard.press("ArrowDown");
    await tab.page.keyboard.press("Enter");
    const chosen = await pixelsOf(tab, "moons");
    expect(chosen).not.toBe(first);
    const restored = await site.tab({ hash: new URL(tab.page.url()).hash });
    expect(await pixelsOf(restored, "moons")).toBe(chosen);
  });
});

describe("bad input", () => {
  it.each([
    ["#v=2&data=moons", "This link is from a later version of the page (2); reload the page or update it."],
    ["#v=1&data=suns", "This link cannot be read: data: "],
    ["#v=1&data=moons&data=rings", "This link cannot be read: data: must be there once."],
  ])("a link %s is answered by a sentence, and the page stays usable", async (hash, sentence) => {
    const tab = await site.tab({ hash });
    await tab.page.waitForSelector(painted("gaussian"));
    expect(await tab.page.getByRole("status").textContent()).toContain(sentence);
    await tab.page.getByLabel("Data").selectOption("moons");
    await pixelsOf(tab, "moons");
    expect(await tab.page.getByRole("status").textContent()).toBe("");
  });

  it("forbidden workers are told", async () => {
    const before = (): void => {
      Object.assign(globalThis, { Worker: undefined });
    };
    const { page } = await site.tab({ before });
    await page.getByText("This browser starts no workers here").waitFor();
  });

  it("a worker whose script does not load is told", async () => {
    const { page } = await site.tab({ headers: { "Content-Security-Policy": "worker-src 'none'" } });
    await page.getByText("The worker of this pane stopped").waitFor();
  });
});

describe("sizes", () => {
  const sizeOf = (pattern: RegExp): number => {
    const folder = join(site.built, "assets");
    const files = readdirSync(folder).filter((file) => pattern.test(file));
    expect(files.length, String(pattern)).toBeGreaterThan(0);
    return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length, 0);
  };

  it("of the shell and of the engine are small", () => {
    expect(sizeOf(/^index.*\.(js|css)$/)).toBeLessThan(60 * 1024);
    expect(sizeOf(/^worker.*\.js$/)).toBeLessThan(120 * 1024);
  });
});
