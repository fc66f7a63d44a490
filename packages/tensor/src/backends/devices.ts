import { gpuDevices } from "./gpujs/devices.ts";
import { describeDevice } from "./gpujs/gpuJs.ts";
import type { BackendName } from "./index.ts";
import { wasm } from "./wasm/wasmBackend.ts";

/** Something that programs can run on. */
export interface Device {
  readonly backend: BackendName;
  /** What it is, in words. */
  readonly name: string;
  /** Whether a processor does the work. */
  readonly isSoftware: boolean;
}

/** What there is on this machine: the processor, and every GPU mode with the name of its adapter. */
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

/** A page may forbid WebAssembly: then only the reference runs on the processor. */
function processor(): Device {
  try {
    return { backend: "wasm", name: `processor, SIMD ${wasm.describe().simd}`, isSoftware: true };
  } catch {
    return { backend: "reference", name: "processor, without WebAssembly", isSoftware: true };
  }
}
