import { afterAll, afterEach, beforeAll, beforeEach, inject } from "vitest";
import { reasonToSkip } from "../../../tests/browser/test/support/chromium.ts";
import { Site } from "./site.ts";

/**
 * Opens the site before the tests of a file, closes its pages after each test, and skips the tests where there is no browser.
 *
 * @param args more options of the browser's command line
 * @returns the site, which is there as soon as the tests run
 */
export function siteOfTests(args: string[] = []): () => Site {
  let site: Site | undefined;
  beforeAll(async () => {
    if (!reasonToSkip) site = await Site.open(inject("siteFolder"), args);
  });
  afterAll(() => site?.close());
  afterEach(() => site?.closeTabs());
  beforeEach((context) => {
    if (reasonToSkip) context.skip(reasonToSkip);
  });
  return () => site!;
}
