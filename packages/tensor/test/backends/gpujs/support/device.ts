import { describe, expect, it } from "vitest";
import type { GpuMode } from "../../../../src/backends/gpujs/gpuDevice.ts";
import { loadGpu } from "../../../../src/backends/gpujs/gpuJs.ts";
import { type AsyncBackend, makeGpujs } from "../../../../src/index.ts";

/**
 * Tests of a mode of gpu.js. Where it has no device, one test says so and is skipped; with REQUIRE_WEBGPU=1 it fails.
 */
export async function onDevice(mode: GpuMode, name: string, tests: (backend: AsyncBackend) => void): Promise<void> {
  const reason = await loadGpu(mode).then(
    () => undefined,
    (error: Error) => error.message,
  );
  describe(name, () => {
    if (reason === undefined) tests(makeGpujs({ mode }));
    else {
      it(`has a device for ${mode}`, (context) => {
        if (process.env.REQUIRE_WEBGPU === "1") expect.fail(reason);
        context.skip(`${reason}; with Debian's packages chromium and libvulkan1 set VK_ICD_FILENAMES, see docs/gpu.md`);
      });
    }
  });
}
