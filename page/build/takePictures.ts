/**
 * Takes the pictures of the page in the README: the first race after its last update, on a light and on a dark background. Chromium
 * must be installed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { root } from "../../scripts/workspace.ts";
import { openBrowser } from "../../tests/browser/test/support/chromium.ts";
import { pageConfig } from "./pageConfig.ts";
import { pageHeaders } from "./security.ts";
import { serve } from "./serve.ts";

/** Updates of the race in the pictures, and the size of the pictures in pixels. */
const [updates, width, height] = [1000, 1120, 700];

const folder = mkdtempSync(join(tmpdir(), "pushforward-pictures-"));
await build(pageConfig(folder));
const { url, server } = await serve(folder, { headersOf: () => pageHeaders });
const browser = await openBrowser();
for (const colorScheme of ["light", "dark"] as const) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(url);
  await page.locator('article[data-lane="3"][data-pixels]').waitFor();
  await page.getByRole("button", { name: "Play", exact: true }).click();
  const isDone = `[data-done="${updates}"][data-idle="true"][data-losses]`;
  for (const lane of [0, 1, 2, 3])
    await page.locator(`article[data-lane="${lane}"]${isDone}`).waitFor({ timeout: 300_000 });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(root, `docs/race-${colorScheme}.png`) });
}
await browser.close();
server.close();
rmSync(folder, { recursive: true, force: true });
