import { expectClose, expectSameBits } from "@pushforward/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { evaluateFormula } from "../src/page.ts";
import { train, type Variant } from "../src/training.ts";
import { reasonToSkip } from "./support/chromium.ts";
import { isolation, strictPolicy } from "./support/server.ts";
import { Site } from "./support/site.ts";

let site: Site;

beforeAll(async () => {
  if (!reasonToSkip) site = await Site.open();
});
afterAll(() => site?.close());
afterEach(() => site?.closePages());
beforeEach((context) => {
  if (reasonToSkip) context.skip(reasonToSkip);
});

const strict = { "Content-Security-Policy": strictPolicy };
const variants: readonly Variant[] = ["sg", "full"];

describe.each([
  ["a page without eval", { headers: strict, isIsolated: false }],
  ["a page without eval that is cross-origin isolated", { headers: { ...strict, ...isolation }, isIsolated: true }],
])("%s", (_, { headers, isIsolated }) => {
  it("is what it says, and compiles to vectors", async () => {
    const page = await site.page({ headers });
    const { report, ...context } = await page("context");
    expect(context).toEqual({ isIsolated, canEval: false });
    expect(report).toMatchObject({ backend: "wasm", simd: "128 bits, fused multiply-add" });
  });

  it.each(variants)("takes training steps of MeanFlow (%s) as Node does, bit for bit", async (variant) => {
    const page = await site.page({ headers });
    const inPage = await page("train", { variant, threads: 2, timeout: isIsolated ? 30_000 : 0 });
    const inNode = await train({ variant });
    expect(inPage.report.threads).toBe(isIsolated ? 2 : 1);
    expect(inPage.report.simd).toBe(inNode.report.simd);
    expectSameBits(inPage.losses, inNode.losses);
    expectSameBits(inPage.parameters, inNode.parameters);
    expectClose(inPage.losses, (await train({ variant, backend: "reference" })).losses, { rtol: 1e-5 });
  });

  it("takes them in a worker of its own too", async () => {
    const page = await site.page({ headers });
    const options = { variant: "sg", threads: 2, timeout: isIsolated ? 30_000 : 0 } as const;
    const { losses, report } = await page("trainInWorker", options);
    expect(report.threads).toBe(isIsolated ? 2 : 1);
    expectSameBits(losses, (await train({ variant: "sg" })).losses);
  });

  it("differentiates a formula", async () => {
    const formula = "[-x2, x1 * sin(x1)] * (1 - t)";
    const page = await site.page({ headers });
    expectSameBits(await page("evaluateFormula", formula), evaluateFormula(formula));
  });
});

describe("other pages", () => {
  it("may run text as a program where no policy forbids it", async () => {
    const page = await site.page();
    expect(await page("context")).toMatchObject({ isIsolated: false, canEval: true });
  });

  it("are told what to allow where WebAssembly is forbidden, and can do without it", async () => {
    const page = await site.page({ headers: { "Content-Security-Policy": "default-src 'none'; script-src 'self'" } });
    await expect(page("context")).rejects.toThrow("add 'wasm-unsafe-eval' to script-src");
    const { losses, report } = await page("train", { variant: "sg", backend: "reference" });
    expect(report.backend).toBe("reference");
    expectClose(losses, (await train({ variant: "sg" })).losses, { rtol: 1e-5 });
  });

  it.each([
    [
      "are forbidden",
      { "Content-Security-Policy": strictPolicy.replace("worker-src 'self'", "worker-src 'none'") },
      {},
    ],
    ["may not be isolated", strict, { "Cross-Origin-Embedder-Policy": "unsafe-none" }],
    ["are no scripts", strict, { "Content-Type": "text/plain" }],
  ])("do without workers where those %s", async (_, policy, workerPolicy) => {
    const headers = { ...isolation, ...policy };
    const page = await site.page({ headers, workerHeaders: { ...headers, ...workerPolicy } });
    const { losses, report } = await page("train", { variant: "sg", threads: 2, timeout: 1000 });
    expect(report.threads).toBe(1);
    expectSameBits(losses, (await train({ variant: "sg" })).losses);
  });
});
