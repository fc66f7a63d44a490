/** How gpu.js runs kernels: on a GPU, or (webasm) on the CPU, for tests. */
export const gpuModes = ["webgpu", "webgl2", "webasm"] as const;

/** A mode of gpu.js. */
export type GpuMode = (typeof gpuModes)[number];

/** A device that gpu.js uses. */
export interface GpuDevice {
  readonly mode: GpuMode;
  /** The name that its driver gives. */
  readonly adapter: string;
  /** Whether it is a software adapter: the CPU emulates the GPU. */
  readonly isSoftware: boolean;
}

/** A device in words. */
export const describeDevice = ({ mode, adapter, isSoftware }: GpuDevice): string =>
  `${adapter} (${mode}${isSoftware ? ", software" : ""})`;
