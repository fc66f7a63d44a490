import { afterEach, describe, expect, it, vi } from "vitest";
import type { Gpu } from "../../../src/backends/gpujs/gpuJs.ts";
import { allowTiles } from "../../../src/backends/gpujs/productProbe.ts";

/** A WebGPU whose products are what `run` says. */
function fakeGpu(run: () => Promise<Float32Array[]>, canTile = true) {
  const asked: boolean[] = [];
  const gpu: Gpu = {
    device: { mode: "webgpu", adapter: "none", isSoftware: true },
    pipeline: () => ({ mode: "webgpu", run, executor: "fused-encoder", fallbackReason: null, destroy: async () => {} }),
    tileProducts: (isTiled) => {
      asked.push(isTiled);
      return isTiled && canTile;
    },
  };
  return { gpu, asked };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("products in tiles", () => {
  it.each([
    ["a product in tiles came out wrong", fakeGpu(async () => [new Float32Array(193 * 197)])],
    ["a product in tiles did not run (shader)", fakeGpu(() => Promise.reject(new Error("shader")))],
    ["gpu.js has no assembleWGSL", fakeGpu(async () => [], false)],
  ])("are not used, with a message, where %s", async (reason, { gpu, asked }) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    expect([await allowTiles(gpu), await allowTiles(gpu)]).toEqual([false, false]);
    expect(asked).toEqual([true, false]);
    expect(warn.mock.calls).toEqual([[`gpujs: matrix products run untiled, which is slower, because ${reason}`]]);
  });
});
