import type { AsyncBackend } from "../asyncBackend.ts";
import { findGpu } from "./devices.ts";
import { describeDevice, type Gpu, type GpuDevice, type GpuMode } from "./gpuJs.ts";
import { GpujsExecutable } from "./gpujsExecutable.ts";

/** Settings of the GPU backend. */
export interface GpujsOptions {
  /** Default: what the environment variable PUSHFORWARD_GPUJS names, else the first of webgpu and webgl2 that is there. */
  readonly mode?: GpuMode;
}

/** The GPU through gpu.js: results are awaited. */
export function makeGpujs({ mode }: GpujsOptions = {}): AsyncBackend {
  let device: GpuDevice | undefined;
  const load = async (): Promise<Gpu> => {
    const gpu = await findGpu(mode);
    device = gpu.device;
    return gpu;
  };
  return {
    name: "gpujs",
    isAsync: true,
    prepare: (program) => new GpujsExecutable(program, load),
    describe: () => ({ backend: "gpujs", simd: "none", ...(device && { device: describeDevice(device) }) }),
  };
}

/** The GPU backend on what this machine has. */
export const gpujs: AsyncBackend = makeGpujs();
