import { gpuDevices } from "./gpujs/devices.ts";
import { describeDevice } from "./gpujs/gpuDevice.ts";
import type { BackendName } from "./index.ts";
import { wasm } from "./wasm/wasmBackend.ts";

/** A device that programs can run on. */
export interface Device {
  readonly backend: BackendName;
  /** Its description in words. */
  readonly name: string;
  /** Whether it is the CPU, or an adapter that emulates a GPU on the CPU. */
  readonly isSoftware: boolean;
}

/** The devices of this machine: the CPU, and every GPU mode with the name of its adapter. */
export async function devices(): Promise<Device[]> {
  const gpus = await gpuDevices();
  return [
    processor(),
    ...gpus.map((device) => ({
      backend: "gpujs" as const,
      name: describeDevice(device),
      isSoftware: device.isSoftware,
    })),
  ];
}

/** The CPU; on a page that forbids WebAssembly, only the reference backend runs on it. */
function processor(): Device {
  try {
    return { backend: "wasm", name: `processor, SIMD ${wasm.describe().simd}`, isSoftware: true };
  } catch {
    return { backend: "reference", name: "processor, without WebAssembly", isSoftware: true };
  }
}
