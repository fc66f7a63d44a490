import { BackendError } from "../../array/errors.ts";
import { mustBeOneOf } from "../../array/suggest.ts";
import { type GpuDevice, type GpuMode, gpuModes } from "./gpuDevice.ts";
import type { Gpu } from "./gpuJs.ts";

/** Environment variable that names the mode of the GPU backend. */
export const gpujsVariable = "PUSHFORWARD_GPUJS";

/** Modes that use a GPU, best first. */
const accelerated = ["webgpu", "webgl2"] as const;

/** gpu.js in a mode; programs that ask for no GPU never load what speaks to it. */
const loadGpu = async (mode: GpuMode): Promise<Gpu> => (await import("./gpuJs.ts")).loadGpu(mode);

/** The mode that the environment asks for. */
function modeOfEnvironment(): GpuMode | undefined {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } };
  const name = process?.env?.[gpujsVariable];
  if (!name) return undefined;
  const mode = gpuModes.find((known) => known === name);
  if (mode) return mode;
  throw new BackendError(`gpujs: ${gpujsVariable} ${mustBeOneOf(name, gpuModes)}`);
}

/**
 * gpu.js in a mode, or in the best one that works here.
 *
 * @throws BackendError that says what each mode lacks
 */
export async function findGpu(mode: GpuMode | undefined = modeOfEnvironment()): Promise<Gpu> {
  if (mode) return loadGpu(mode);
  const reasons: string[] = [];
  for (const each of accelerated) {
    try {
      return await loadGpu(each);
    } catch (error) {
      reasons.push((error as Error).message.replace(/^gpujs: /, ""));
    }
  }
  throw new BackendError(
    `gpujs: a GPU must be available, got none (${reasons.join("; ")}); use backend "auto" or "wasm"`,
  );
}

/** The GPUs that the backend would find here, by mode. */
export async function gpuDevices(): Promise<GpuDevice[]> {
  const found = await Promise.allSettled(accelerated.map(loadGpu));
  return found.flatMap((each) => (each.status === "fulfilled" ? [each.value.device] : []));
}
