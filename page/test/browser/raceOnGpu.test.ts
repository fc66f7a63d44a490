import { recipes } from "@pushforward/losses";
import { builtinProblems, train } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { digest } from "../../src/work/digest.ts";
import { tabTo } from "../support/readers.ts";
import { siteOfTests } from "../support/siteOfTests.ts";

// Chromium calls WebGPU on a software adapter unsafe.
const site = siteOfTests(["--enable-unsafe-webgpu"]);
/** A browser as it is installed, which may have no GPU. */
const plainSite = siteOfTests();
const steps = 20;
const small = (more = ""): string =>
  `#v=1&data=gaussian&lane=meanFlow&rate=0.004&width=16&batch=32&steps=${steps}&seed=1${more}`;
const choice = "Updates are computed by";

describe("a race on the GPU", () => {
  it("is chosen by keyboard, names the device, and has the losses of the processor in float32", async (context) => {
    const { page, faults, violations, barriers } = await site().tab({ hash: small() });
    const hasGpu = await page.evaluate(async () => {
      const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<unknown> } };
      return ((await gpu?.requestAdapter()) ?? null) !== null;
    });
    if (!hasGpu && process.env.REQUIRE_WEBGPU !== "1")
      return context.skip("the browser offers no WebGPU here; REQUIRE_WEBGPU=1 makes this a failure");
    await page.waitForSelector('article[data-idle="true"][data-losses]');
    await page.getByLabel(choice).waitFor();
    await tabTo(page, choice);
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => location.hash.includes("backend=gpujs"));
    await page.getByRole("button", { name: "Play", exact: true }).press("Enter");
    await page.waitForSelector(`article[data-done="${steps}"][data-idle="true"][data-losses]`);
    expect(await page.locator("article .device").textContent()).toMatch(/^on .+ \(webgpu/);
    const settings = { steps, batch: 32, width: 16, learningRate: 4e-3, seed: 1, backend: "wasm" } as const;
    const { losses } = await train(recipes.meanFlow, builtinProblems.gaussian(), {
      ...settings,
      teacherVelocity: "exact",
    });
    const got = Number(await page.locator("article").getAttribute("data-loss-value"));
    expect(Math.abs(got - losses[steps - 1]) / losses[steps - 1]).toBeLessThan(1e-4);
    // control: another adapter rounds differently, so that the losses are not those of the processor bit for bit
    expect(await page.locator("article").getAttribute("data-losses")).not.toBe(digest(Float64Array.from(losses)));
    expect([faults, await violations(), await barriers()]).toEqual([[], [], []]);
  });

  it("that a link asks for computes on some device or says what is missing, and the processor can be chosen again", async () => {
    const { page } = await plainSite().tab({ hash: small("&backend=gpujs") });
    await page.waitForSelector('article[data-done="0"][data-idle="true"][data-losses]');
    await page.getByRole("button", { name: "Play", exact: true }).click();
    const answer = page.locator("article :is(.device, .message)");
    await answer.waitFor();
    expect(await answer.textContent()).toMatch(/^on .+ \(web(gpu|gl2)|a GPU must be available/);
    expect(await answer.textContent()).not.toContain("unnamed");
    const select = page.getByLabel(choice);
    expect(await select.inputValue()).toBe("gpujs");
    await select.selectOption("wasm");
    await page.waitForFunction(() => location.hash.includes("backend=wasm"));
    await page.waitForSelector('article[data-done="0"][data-idle="true"][data-losses]');
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.waitForSelector(`article[data-done="${steps}"][data-idle="true"][data-losses]`);
    expect(await page.locator("article .device").count()).toBe(0);
  });
});

describe("a browser without WebGPU", () => {
  it("offers no choice of the device", async () => {
    const { page } = await site().tab({
      hash: small(),
      before: () => Object.defineProperty(navigator, "gpu", { value: undefined }),
    });
    await page.waitForSelector('article[data-idle="true"][data-losses]');
    expect(await page.getByLabel(choice).count()).toBe(0);
  });
});
