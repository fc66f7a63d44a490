import type { AsyncBackend } from "../asyncBackend.ts";
import { findGpu } from "./devices.ts";
import type { GpuMode } from "./gpuDevice.ts";
import { GpujsExecutable } from "./gpujsExecutable.ts";

/** Settings of the GPU backend. */
export interface GpujsOptions {
  /** Default: the mode named by the environment variable PUSHFORWARD_GPUJS, else the first available of webgpu and webgl2. */
  readonly mode?: GpuMode;
}

/** The GPU through gpu.js: results are awaited. */
export const makeGpujs = ({ mode }: GpujsOptions = {}): AsyncBackend => ({
  name: "gpujs",
  isAsync: true,
  prepare: (program) => new GpujsExecutable(program, () => findGpu(mode)),
  describe: () => ({ backend: "gpujs", simd: "none" }),
});

/** The GPU backend: WebGPU or WebGL2, whichever the machine has, in float32. Results are awaited. */
export const gpujs: AsyncBackend = makeGpujs();
