/**
 * Measures the built page in Chromium, which must be installed: sizes, time to the first picture, pictures in a second of six
 * trainings, tasks that block the page, and memory over 1,000 updates of six trainings that are hidden and shown meanwhile.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { build } from "vite";
import { openBrowser } from "../../tests/browser/test/support/chromium.ts";
import { pageConfig } from "./pageConfig.ts";
import { pageHeaders } from "./security.ts";
import { serve } from "./serve.ts";
import { siteSizes } from "./siteSizes.ts";

/** Losses of the measured race, and its updates. */
const losses = ["meanFlow", "shortcut", "lsd", "consistencyDistillation", "esd", "flowMatching"];
const updates = 1000;
/** Milliseconds over which pictures are counted. */
const counted = 5000;

/** Counts pictures and tasks of more than 50 ms while six trainings run. */
async function frames(page: Page): Promise<Record<string, number>> {
  const [pictures, tasks, longest] = await page.evaluate(async (time) => {
    let [shown, blocked, most] = [0, 0, 0];
    const changes = new MutationObserver(({ length }) => {
      shown += length;
    });
    for (const lane of document.querySelectorAll("article")) changes.observe(lane, { attributeFilter: ["data-done"] });
    const long = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) [blocked, most] = [blocked + 1, Math.max(most, duration)];
    });
    long.observe({ type: "longtask" });
    await new Promise((resolve) => setTimeout(resolve, time));
    return [shown, blocked, most];
  }, counted);
  const perSecond = Math.round((pictures / losses.length / (counted / 1000)) * 10) / 10;
  return { "pictures of each lane in a second": perSecond, "tasks above 50 ms": tasks, "longest task, ms": longest };
}

/** Mebibytes of the page with its workers. */
const memory = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { measureUserAgentSpecificMemory: measure } = performance as never as {
      measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
    };
    const { bytes } = await measure.call(performance);
    return Math.round(bytes / 2 ** 20);
  });

/** Pretends that the reader hides or shows the page. */
const setHidden = (page: Page, isHidden: boolean): Promise<void> =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);

const finished = async (page: Page): Promise<void> => {
  for (const lane of losses.keys())
    await page
      .locator(`article[data-lane="${lane}"][data-done="${updates}"][data-idle="true"]`)
      .waitFor({ timeout: 600_000 });
};

const folder = mkdtempSync(join(tmpdir(), "pushforward-measure-"));
await build(pageConfig(folder));
const { url, server } = await serve(folder, { headersOf: () => pageHeaders });
const browser = await openBrowser();
console.table(siteSizes(folder));

const first = await browser.newPage();
const start = performance.now();
await first.goto(url);
await first.locator("[data-recorded]").waitFor();
console.log(`first picture from a cold cache after ${Math.round(performance.now() - start)} ms`);
await first.close();

const page = await browser.newPage();
await page.goto(`${url}#v=1&data=eightGaussians&${losses.map((loss) => `lane=${loss}`).join("&")}&steps=${updates}`);
for (const lane of losses.keys())
  await page.locator(`article[data-lane="${lane}"][data-pixels]`).waitFor({ timeout: 120_000 });
const play = page.getByRole("button", { name: /^(Play|Pause)$/ });
await play.click();
console.table(await frames(page));
await finished(page);
const heap = [await memory(page)];
for (let round = 0; round < 2; round++) {
  await page.getByRole("button", { name: "Restart" }).click();
  await play.click();
  await page.waitForTimeout(2000);
  await setHidden(page, true);
  await page.waitForTimeout(1000);
  await setHidden(page, false);
  await finished(page);
  heap.push(await memory(page));
}
console.log(
  `memory of page and workers after ${updates} updates × ${losses.length}, once and twice more: ${heap.join(", ")} MiB`,
);
await browser.close();
server.close();
rmSync(folder, { recursive: true, force: true });
