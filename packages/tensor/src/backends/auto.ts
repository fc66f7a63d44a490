import { BackendError } from "../array/errors.ts";
import type { Program } from "../program/program.ts";
import type { AsyncBackend, AsyncExecutable } from "./asyncBackend.ts";
import type { Executable } from "./backend.ts";
import { findGpu } from "./gpujs/devices.ts";
import { gpujs } from "./gpujs/gpujsBackend.ts";
import { wasm } from "./wasm/wasmBackend.ts";

/**
 * The GPU where the machine has one (not a software adapter) and it can run the program, else the CPU. Results are awaited in both
 * cases, so that one program runs on all machines.
 */
export const auto: AsyncBackend = {
  name: "auto",
  isAsync: true,
  prepare: (program) => new AutoExecutable(program),
  describe: () => ({ backend: "auto", simd: "none" }),
};

class AutoExecutable implements AsyncExecutable {
  private readonly program: Program;
  private readonly gpu: AsyncExecutable | undefined;
  private cpu: Executable | undefined;
  private chosen: Promise<AsyncExecutable | undefined> | undefined;

  constructor(program: Program) {
    this.program = program;
    this.gpu = prepareGpu(program);
  }

  get bytes(): number {
    return this.cpu?.bytes ?? this.gpu?.bytes ?? 0;
  }

  get launches(): number {
    return this.cpu?.launches ?? this.gpu?.launches ?? 0;
  }

  get threads(): number {
    return this.cpu?.threads ?? 1;
  }

  get device(): string | undefined {
    return this.cpu ? undefined : this.gpu?.device;
  }

  release(): void {
    this.cpu?.release?.();
    this.cpu = undefined;
    this.gpu?.release?.();
  }

  async start(...args: Parameters<AsyncExecutable["start"]>): ReturnType<AsyncExecutable["start"]> {
    this.chosen ??= chooseGpu(this.gpu);
    const gpu = await this.chosen;
    if (gpu) return gpu.start(...args);
    this.cpu ??= wasm.prepare(this.program);
    return this.cpu.run(...args);
  }
}

function prepareGpu(program: Program): AsyncExecutable | undefined {
  try {
    return gpujs.prepare(program);
  } catch (error) {
    if (error instanceof BackendError) return undefined;
    throw error;
  }
}

/** The GPU, unless it is a software adapter, which is slower than the CPU backend. */
async function chooseGpu(gpu: AsyncExecutable | undefined): Promise<AsyncExecutable | undefined> {
  if (!gpu) return undefined;
  try {
    const { device } = await findGpu();
    if (device.isSoftware) return undefined;
    await gpu.prepared?.();
    return gpu;
  } catch {
    return undefined;
  }
}
