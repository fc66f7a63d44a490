import { allocate } from "../../array/dtype.ts";
import { BackendError } from "../../array/errors.ts";
import { isContiguous } from "../../array/layout.ts";
import { sizeOf } from "../../array/shape.ts";
import { DenseTensor, type Tensor } from "../../array/tensor.ts";
import { buildPlan } from "../../compiler/buildPlan.ts";
import type { Plan } from "../../compiler/plan.ts";
import type { View } from "../../compiler/view.ts";
import { copyStrided } from "../../primitives/strided.ts";
import type { Program } from "../../program/program.ts";
import type { AsyncExecutable } from "../asyncBackend.ts";
import type { Executable } from "../backend.ts";
import { reference } from "../reference/reference.ts";
import { wasm } from "../wasm/wasmBackend.ts";
import { fromDevice, joinRows, toDevice } from "./arrays.ts";
import { describeDevice, type GpuDevice } from "./gpuDevice.ts";
import type { Gpu, GpuPipeline } from "./gpuJs.ts";
import { splitProgram } from "./hostPart.ts";
import type { DeviceArray } from "./lowering.ts";
import { type DeviceProgram, lowerPlan } from "./lowerPlan.ts";
import { allowTiles, hasTiledProducts } from "./productProbe.ts";
import { type Recorded, recordProgram } from "./recordProgram.ts";

/** Frees the buffers of a pipeline when its executable is garbage collected. */
const abandoned = new FinalizationRegistry<Promise<Recorded>>((recorded) => {
  recorded.then(({ pipeline }) => pipeline.destroy()).catch(() => {});
});

/** One program: a part for the host, and one pipeline for the device. */
export class GpujsExecutable implements AsyncExecutable {
  readonly launches: number;
  readonly threads = 1;
  private readonly outputs: readonly Tensor[];
  private readonly plan: Plan;
  private readonly lowered: DeviceProgram;
  private readonly hostProgram: Program;
  private host: Executable | undefined;
  private readonly load: () => Promise<Gpu>;
  private recorded: Promise<Recorded> | undefined;
  private pipeline: GpuPipeline | undefined;
  private used: GpuDevice | undefined;
  /** Calls that have not ended: memory is freed after the last of them. */
  private running = 0;
  private isReleased = false;

  constructor(program: Program, load: () => Promise<Gpu>) {
    const { host, device } = splitProgram(program);
    this.outputs = program.outputs;
    this.hostProgram = host;
    this.prepareHost();
    this.plan = buildPlan(device);
    this.lowered = lowerPlan(this.plan);
    this.load = load;
    this.launches = this.lowered.launches.length;
  }

  /** Arrays of the device, each once, and the memory of the host's part. */
  get bytes(): number {
    const arrays = new Set(
      this.lowered.launches.flatMap((array) => [array, ...(array.kind === "result" ? array.operands : [])]),
    );
    const elements = [...arrays].reduce((sum, array) => sum + this.sizeOfArray(array), 0);
    return 4 * elements + (this.host?.bytes ?? 0);
  }

  private sizeOfArray(array: DeviceArray): number {
    if (array.kind === "result") return sizeOf(array.kernel.output);
    return array.kind === "argument" ? this.plan.inputs[array.index].size : array.value.size;
  }

  release(): void {
    this.isReleased = true;
    this.freeIfIdle();
  }

  /** Frees all memory unless a call still needs it; a later call allocates it again. */
  private freeIfIdle(): void {
    if (!this.isReleased || this.running > 0) return;
    const { recorded, host } = this;
    [this.recorded, this.pipeline, this.host] = [undefined, undefined, undefined];
    host?.release?.();
    abandoned.unregister(this);
    recorded?.then(({ pipeline }) => pipeline.destroy()).catch(() => {});
  }

  private prepareHost(): void {
    if (this.hostProgram.equations.length > 0) this.host ??= preparedOnHost(this.hostProgram);
  }

  /** How gpu.js runs the pipeline, after a call: "fused-encoder" is one submission to WebGPU. */
  get executor(): string | undefined {
    return this.pipeline?.executor;
  }

  get device(): string | undefined {
    return this.used && describeDevice(this.used);
  }

  async start(inputs: readonly DenseTensor[]): Promise<DenseTensor[]> {
    this.running++;
    try {
      this.prepareHost();
      return await this.call(inputs);
    } finally {
      this.running--;
      this.freeIfIdle();
    }
  }

  private async call(inputs: readonly DenseTensor[]): Promise<DenseTensor[]> {
    const values = this.host ? [...inputs, ...this.host.run(inputs)] : inputs;
    const results = this.launches > 0 ? await this.runDevice(values) : new Map<DeviceArray, Float32Array>();
    return this.plan.outputs.map((view, i) => {
      const type = this.outputs[i];
      const array = this.lowered.outputs[i];
      if (array.kind === "result") return fromDevice(readView(view, results.get(array)!) as Float32Array, type);
      const { shape, dtype, weak } = type;
      const source = array.kind === "argument" ? values[array.index] : array.value;
      // An empty value was never computed: its buffer holds an unrelated array.
      const elements = type.size === 0 ? allocate(dtype, 0) : readView(view, source.buffer);
      return new DenseTensor(elements, shape, dtype, weak);
    });
  }

  private async runDevice(values: readonly DenseTensor[]): Promise<Map<DeviceArray, Float32Array>> {
    const { pipeline, sent, fetched } = await this.record();
    this.pipeline = pipeline;
    const args = sent.map((index) => toDevice(values[index]));
    const rows = await runPipeline(pipeline, args);
    warnIfSlow(pipeline);
    return new Map(fetched.map((array, i) => [array, joinRows(rows[i], this.sizeOfArray(array))]));
  }

  private record(): Promise<Recorded> {
    if (this.recorded) return this.recorded;
    const { lowered } = this;
    const recorded = this.load().then(async (gpu) => {
      if (hasTiledProducts(lowered)) await allowTiles(gpu);
      this.used = gpu.device;
      return recordProgram(gpu, lowered);
    });
    this.recorded = recorded;
    abandoned.register(this, recorded, this);
    // Without a device now, the next call looks again.
    recorded.catch(() => {
      this.recorded = undefined;
    });
    return recorded;
  }
}

/** The host's part compiled, where the environment allows it. */
function preparedOnHost(program: Program): Executable {
  try {
    return wasm.prepare(program, { threads: 1 });
  } catch {
    return reference.prepare(program);
  }
}

/** Runs a pipeline, and once more on a new device if the device is lost: the arguments are still in memory. */
async function runPipeline(pipeline: GpuPipeline, args: readonly Float32Array[]) {
  try {
    return await pipeline.run(args);
  } catch (error) {
    if (!isDeviceLost(error)) throw explained(error);
  }
  try {
    return await pipeline.run(args);
  } catch (error) {
    throw explained(error);
  }
}

const warned = new WeakSet<GpuPipeline>();

/** WebGPU takes a whole pipeline at once, unless gpu.js found a reason against it. */
function warnIfSlow(pipeline: GpuPipeline): void {
  if (!pipeline.fallbackReason || pipeline.mode !== "webgpu" || warned.has(pipeline)) return;
  warned.add(pipeline);
  console.warn(`gpujs: kernels run one by one, which is slower, because ${pipeline.fallbackReason}`);
}

const isDeviceLost = (error: unknown): boolean => /lost|destroyed/i.test(String(error));

/** An error with the message of gpu.js and what may help. */
function explained(cause: unknown): BackendError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const what = /bytes but this device allows/.test(text)
    ? "every array must fit a buffer of the device; use smaller batches"
    : 'the device must run every kernel; try backend "wasm"';
  return new BackendError(`gpujs: ${what}, got: ${text}`, { cause });
}

/** The elements of a view, row-major. */
function readView<T extends DenseTensor["buffer"]>(view: View, elements: T): T {
  const { shape, offset } = view;
  const size = sizeOf(shape);
  if (isContiguous(view)) return (elements.length === size ? elements : elements.slice(offset, offset + size)) as T;
  const out = elements.slice(0, 0).constructor as new (size: number) => T;
  const copy = new out(size);
  copyStrided(copy, elements, view);
  return copy;
}
