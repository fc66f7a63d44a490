import { afterAll, describe, expect, it } from "vitest";
import { train } from "../src/training.ts";
import { reasonToSkip } from "./support/chromium.ts";
import { Site } from "./support/site.ts";

/** A page may run its own files and nothing else: no text, and no WebAssembly. */
const headers = { "Content-Security-Policy": "default-src 'none'; script-src 'self'" };

// Chromium calls WebGPU on a software adapter unsafe.
const site = reasonToSkip ? undefined : await Site.open(["--enable-unsafe-webgpu"]);
const page = await site?.page({ headers });
const devices = (await page?.("listDevices")) ?? [];
afterAll(() => site?.close());

const modes = await Promise.all(
  (["webgpu", "webgl2"] as const).map(async (mode) => {
    const isThere = devices.some(({ name }) => new RegExp(`\\(${mode}\\b`).test(name));
    return { mode, isThere, names: isThere ? await page!("gpuTestNames", mode) : [] };
  }),
);

describe.each(modes)("the GPU backend in a page, on $mode", ({ mode, isThere, names }) => {
  it("has a device", (context) => {
    if (isThere) return;
    if (process.env.REQUIRE_WEBGPU === "1" && !reasonToSkip) expect.fail(`the page must list a device for ${mode}`);
    context.skip(reasonToSkip ?? `the browser offers no ${mode} here; REQUIRE_WEBGPU=1 makes this a failure`);
  });

  it.each(names)("%s", async (name) => {
    await page!("runGpuTest", mode, name);
  });

  it.runIf(isThere)("trains MeanFlow with the losses of the processor", async () => {
    const got = await page!("train", { variant: "sg", gpu: mode });
    const want = await train({ variant: "sg", backend: "wasm" });
    expect(got.report.device).toContain(mode);
    got.losses.forEach((loss, i) => {
      expect(Math.abs(loss - want.losses[i]) / want.losses[i]).toBeLessThan(1e-4);
    });
  });
});
