import { BackendError } from "../../array/errors.ts";
import { printGpuFunction } from "../../expression/index.ts";
import { looksSoftware, provideWebGpu, webGlRenderer } from "./environment.ts";
import type { GpuDevice, GpuMode } from "./gpuDevice.ts";
import { type KernelText, printKernel } from "./kernelText.ts";
import { ProductTiles, type WgslAssembler } from "./productTiles.ts";

/*
 * The interface to gpu.js: its module, its settings, and those of its types that are used here.
 *
 * gpu.js is loaded on demand, when a program first needs a GPU.
 */

/** A value during the recording of a pipeline. */
export type Handle = object;

/** Rows of rows of numbers, or numbers. */
export type GpuRows = Float32Array | readonly GpuRows[];

/** A recorded chain of kernels. */
export interface GpuPipeline {
  readonly mode: GpuMode;
  run(args: readonly Float32Array[]): Promise<readonly GpuRows[]>;
  /** How it ran: "fused-encoder" is one submission to WebGPU. */
  readonly executor: string;
  readonly fallbackReason: string | null;
  destroy(): Promise<void>;
}

/** Applies a kernel while a pipeline is recorded. */
export type Launch = (kernel: KernelText, operands: readonly (Handle | Float32Array)[]) => Handle;

/** gpu.js in one mode. */
export interface Gpu {
  readonly device: GpuDevice;
  /**
   * A pipeline of `count` arguments.
   *
   * @param record called once, with handles for the arguments; returns handles of the results
   */
  pipeline(count: number, record: (launch: Launch, args: readonly Handle[]) => Handle[]): GpuPipeline;
  /** Whether matrix products run in tiles from the next pipeline on; returns false where tiles are not possible. */
  tileProducts(isTiled: boolean): boolean;
}

/** The types of gpu.js that are used here. */
type RawKernel = ((...args: readonly (Handle | Float32Array)[]) => Handle) & { readonly kernel: object };

type RawPipeline = ((...args: readonly Float32Array[]) => Promise<readonly GpuRows[]>) & {
  readonly executorKind: string;
  readonly fallbackReason: string | null;
  destroy(): Promise<void>;
};

interface RawGpu {
  readonly Kernel: { readonly prototype: WgslAssembler };
  readonly kernels: object[];
  createKernel(source: string, settings: object): RawKernel;
  createPipeline(record: (...args: Handle[]) => Handle[], settings: object): RawPipeline;
}

interface RawModule {
  readonly GPU: (new (settings: {
    mode: GpuMode;
  }) => RawGpu) & {
    readonly isWebGL2Supported: boolean;
    readonly isWebAssemblySupported: boolean;
  };
  readonly WebGPUContext: { acquire(): Promise<RawContext>; destroy(): Promise<void> };
}

interface RawContext {
  readonly adapter: { readonly info?: AdapterInfo };
}

interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

/** @source gpu.js 2.24.1: without `tactic` WebGL computes in low precision, and loops end at 1000 turns */
const settings = {
  precision: "single",
  tactic: "precision",
  loopMaxIterations: 2 ** 30,
  pipeline: true,
  immutable: true,
  asyncMode: true,
};

const loaded = new Map<GpuMode, Promise<Gpu>>();

/**
 * gpu.js in a mode; the device is ready when the Promise resolves.
 *
 * @throws BackendError where the package or a device is missing
 */
export function loadGpu(mode: GpuMode): Promise<Gpu> {
  const known = loaded.get(mode);
  if (known) return known;
  const loading = load(mode);
  loaded.set(mode, loading);
  // A device that is missing now may be there later.
  loading.catch(() => loaded.delete(mode));
  return loading;
}

async function load(mode: GpuMode): Promise<Gpu> {
  const module = await importGpuJs();
  const device = await deviceOf(module, mode);
  return wrap(new module.GPU({ mode }), device);
}

/** Destroys the WebGPU device, as a driver may at any time; the next call creates another one. */
export async function loseDevice(): Promise<void> {
  await (await importGpuJs()).WebGPUContext.destroy();
}

async function importGpuJs(): Promise<RawModule> {
  try {
    const module = (await import("gpu.js")) as unknown as { default?: RawModule } & RawModule;
    return module.default ?? module;
  } catch (cause) {
    throw new BackendError("gpujs: the package gpu.js must be installed; npm install gpu.js@2.24.1", { cause });
  }
}

async function deviceOf(module: RawModule, mode: GpuMode): Promise<GpuDevice> {
  if (mode === "webgpu") return webGpuDevice(module);
  const isThere = mode === "webgl2" ? module.GPU.isWebGL2Supported : module.GPU.isWebAssemblySupported;
  if (!isThere) throw new BackendError(`gpujs: ${mode} must be available, but this environment has none`);
  if (mode === "webasm") return { mode, adapter: "processor, one core", isSoftware: true };
  const adapter = webGlRenderer();
  return { mode, adapter, isSoftware: looksSoftware(adapter) };
}

async function webGpuDevice(module: RawModule): Promise<GpuDevice> {
  await provideWebGpu();
  try {
    const { adapter } = await module.WebGPUContext.acquire();
    const { vendor = "", architecture = "", device = "", description = "", isFallbackAdapter } = adapter.info ?? {};
    const name = description || [vendor, architecture, device].filter(Boolean).join(" ") || "unnamed";
    const isSoftware = isFallbackAdapter === true || looksSoftware(`${name} ${vendor} ${architecture}`);
    return { mode: "webgpu", adapter: name, isSoftware };
  } catch (cause) {
    throw new BackendError("gpujs: WebGPU must have an adapter, but none answered; see docs/gpu.md", { cause });
  }
}

function wrap(raw: RawGpu, device: GpuDevice): Gpu {
  const tiles = new ProductTiles(raw.Kernel.prototype);
  return {
    device,
    pipeline: (count, record) => makePipeline(raw, device.mode, tiles, count, record),
    tileProducts: (isTiled) => tiles.use(isTiled),
  };
}

const makePipeline = (
  raw: RawGpu,
  mode: GpuMode,
  tiles: ProductTiles,
  ...[count, record]: Parameters<Gpu["pipeline"]>
): GpuPipeline => {
  const traced = (...args: Handle[]): Handle[] => {
    const kernels = new Map<string, RawKernel>();
    const results = record((text, operands) => {
      tiles.note(text);
      const key = printKernel(text);
      const kernel = kernels.get(key) ?? createKernel(raw, text);
      kernels.set(key, kernel);
      return kernel(...operands);
    }, args);
    // The pipeline runs copies of these kernels; the originals were never built and would never be freed.
    for (const { kernel } of kernels.values()) raw.kernels.splice(raw.kernels.indexOf(kernel), 1);
    return results;
  };
  // gpu.js takes the number of arguments from the function.
  Object.defineProperty(traced, "length", { value: count });
  const pipeline = raw.createPipeline(traced, { threads: false });
  return {
    mode,
    run: (args) => pipeline(...args),
    get executor() {
      return pipeline.executorKind;
    },
    get fallbackReason() {
      return pipeline.fallbackReason;
    },
    destroy: () => pipeline.destroy(),
  };
};

function createKernel(raw: RawGpu, { source, functions, output }: KernelText): RawKernel {
  const helpers = functions.map((helper) => ({
    name: helper.name,
    source: printGpuFunction(helper),
    argumentTypes: helper.parameters.map(() => helper.type),
    returnType: helper.type,
  }));
  return raw.createKernel(source, { ...settings, functions: helpers, output: [...output] });
}
