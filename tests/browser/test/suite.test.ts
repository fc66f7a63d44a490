import { afterAll, describe, it } from "vitest";
import { reasonToSkip } from "./support/chromium.ts";
import { isolation } from "./support/server.ts";
import { Site } from "./support/site.ts";

/** Kernels are also compared with printed JavaScript, which this page may therefore run; and threads are tested. */
const headers = { "Content-Security-Policy": "default-src 'none'; script-src 'self' 'unsafe-eval'", ...isolation };

const site = reasonToSkip ? undefined : await Site.open();
const page = await site?.page({ headers });
const names = (await page?.("testNames")) ?? [];
afterAll(() => site?.close());

describe("the wasm backend's tests in a page", () => {
  it("are there", (context) => {
    if (reasonToSkip) context.skip(reasonToSkip);
    if (names.length < 100) throw new Error(`all tests of the backend must be in the page, got ${names.length}`);
  });

  it.each(names)("%s", async (name) => {
    await page?.("runTest", name);
  });
});
