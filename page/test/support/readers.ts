import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Tab } from "./site.ts";

/** Colours and widths in which every page is looked at. */
export const looks = [
  ["light", 1920],
  ["light", 360],
  ["dark", 1280],
  ["dark", 360],
] as const;

/** A page has no barrier of WCAG A and AA, and nothing wider than the window. */
export async function expectReadable({ page, barriers }: Tab): Promise<void> {
  expect(await barriers()).toEqual([]);
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content).toBeLessThanOrEqual(window);
}

/** Runs in a page before its scripts, which then find no workers. */
export const withoutWorkers = (): void => {
  Object.assign(globalThis, { Worker: undefined });
};

/** Moves the focus on by the tab key until an element has the label or the text, as a reader without a pointer does. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    const label = await page.evaluate(() => {
      const focused = document.activeElement;
      const label = (focused as HTMLInputElement | null)?.labels?.[0]?.textContent;
      return (focused?.getAttribute("aria-label") ?? label ?? focused?.textContent ?? "").trim();
    });
    if (new RegExp(`^${name}\\b`).test(label)) return; // "Step", not "Stepper"
  }
  throw new Error(`tabTo: "${name}" must be reached by the tab key`);
}

/** The text of a file that a button saves. */
export async function saved(page: Page, name: string): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name, exact: true }).press("Enter");
  return readFileSync((await (await download).path())!, "utf8");
}

/** Hides a page from its reader, or shows it, as far as its scripts can tell. */
export const setHidden = (page: Page, hidden: boolean): Promise<void> =>
  page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
