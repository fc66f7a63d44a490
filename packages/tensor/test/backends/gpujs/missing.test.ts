import { afterEach, describe, expect, it, vi } from "vitest";
import { BackendError, compile, devices, makeGpujs, type Tensor, tensor } from "../../../src/index.ts";

vi.mock("gpu.js", () => {
  throw new Error("Cannot find package 'gpu.js'");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const x = tensor([1, 2], { dtype: "float32" });
const double = (y: Tensor): Tensor => y.mul(2);

describe("without gpu.js", () => {
  it("a compiled function for the GPU says what to install", async () => {
    const f = compile(double, { backend: makeGpujs({ mode: "webasm" }) });
    await expect(f(x).data()).rejects.toThrow(BackendError);
    await expect(f(x).data()).rejects.toThrow("gpujs: the package gpu.js must be installed; npm install gpu.js@2.24.1");
    await expect(compile(double, { backend: "gpujs" })(x).data()).rejects.toThrow(
      /^gpujs: a GPU must be available, got none \(.*gpu\.js.*\); use backend "auto" or "wasm"$/,
    );
  });

  it("auto runs on the processor, and only that is listed", async () => {
    expect(await compile(double, { backend: "auto" })(x).data()).toEqual(Float32Array.of(2, 4));
    expect((await devices()).map(({ backend }) => backend)).toEqual(["wasm"]);
  });

  it("a mode that does not exist is named", async () => {
    vi.stubEnv("PUSHFORWARD_GPUJS", "cuda");
    await expect(compile(double, { backend: "gpujs" })(x).data()).rejects.toThrow(
      'gpujs: PUSHFORWARD_GPUJS must be one of webgpu, webgl2, webasm, got "cuda"',
    );
  });
});
