import type { TypedArray } from "../../array/dtype.ts";
import { BackendError } from "../../array/errors.ts";
import { withMemory } from "../../array/outOfMemory.ts";
import { DenseTensor } from "../../array/tensor.ts";
import { buildPlan } from "../../compiler/buildPlan.ts";
import type { Plan } from "../../compiler/plan.ts";
import { withRowChains } from "../../compiler/rowChains.ts";
import { type Buffer, wholeView } from "../../compiler/view.ts";
import { scalarFunctions } from "../../expression/operations.ts";
import type { Program } from "../../program/program.ts";
import type { Backend, Executable, PlanTimes } from "../backend.ts";
import { ModuleBuilder } from "./assembler/moduleBuilder.ts";
import { type VectorFeatures, vectorFeatures } from "./features.ts";
import { readView } from "./kernels/host.ts";
import type { Launch } from "./kernels/launch.ts";
import type { Lowering } from "./kernels/lowering.ts";
import { lowerPlan } from "./kernels/lowerPlan.ts";
import { MemoryPool, mostPages, type ProgramMemory, pageBytes } from "./memoryPool.ts";
import { chunksOf, ParallelRun } from "./threads/parallelRun.ts";
import { canShare, defaultThreads, sharedPool } from "./threads/sharedPool.ts";
import { compileModule, type WasmInstance, type WasmMemory, webAssembly } from "./webAssembly.ts";

/** Most bytes a 32-bit memory can have. */
const maxBytes = (mostPages - 1) * pageBytes;

/** Memories of released programs, for new programs. */
const memories = new MemoryPool();

/** Compiled code for the CPU: kernels are emitted when a program is prepared. */
export const wasm: Backend = {
  name: "wasm",
  prepare: (program, { threads = defaultThreads() } = {}) => new WasmExecutable(program, threads, vectorFeatures()),
  describe: () => ({ backend: "wasm", simd: describeVectors(vectorFeatures()) }),
};

const describeVectors = ({ fma, wide }: VectorFeatures): string =>
  `${wide ? "256 bits, as pairs of 128" : "128 bits"}, ${fma ? "fused" : "separate"} multiply-add`;

/** A program as kernels over one memory. */
export class WasmExecutable implements Executable {
  readonly launches: number;
  private readonly plan: Plan;
  private readonly lowering: Lowering;
  private readonly program: Program;
  private readonly own: ProgramMemory;
  private readonly instance: WasmInstance;
  private readonly calls: (() => void)[];
  private readonly parallel: ParallelRun | undefined;
  /** Where each argument is written; undefined for an unused argument. The memory never grows, so the views stay valid. */
  private readonly places: readonly (TypedArray | undefined)[];
  private isReleased = false;

  constructor(program: Program, threads: number, features: VectorFeatures) {
    this.program = program;
    const plan = buildPlan(program);
    this.plan = threads > 1 && canShare() ? withRowChains(plan, threads) : plan;
    const builder = new ModuleBuilder();
    this.lowering = lowerPlan(this.plan, builder, features);
    const pages = Math.ceil(this.lowering.end / pageBytes);
    if (this.lowering.end > maxBytes) {
      throw new BackendError(
        `compile: the program needs ${this.lowering.end} bytes of memory, WebAssembly has 4 GiB; use smaller batches`,
      );
    }
    const { launches } = this.lowering;
    const useful = canRunAnywhere(builder) ? Math.min(threads, usefulThreads(launches)) : 1;
    const pool = sharedPool(useful);
    const shared = pool !== undefined;
    builder.importMemory({ module: "env", name: "memory", minimum: pages, maximum: mostPages, shared });
    const module = compileModule(builder.toBytes());
    this.own = memories.take(pages, shared);
    this.instance = withMemory(
      "compile",
      0,
      () => new webAssembly.Instance(module, { env: { memory: this.memory }, host: scalarFunctions }),
    );
    this.launches = launches.length;
    this.calls = launches.map((launch) => callOf(launch, this.instance, this.memory));
    this.parallel =
      pool &&
      new ParallelRun(pool, useful, {
        launches,
        module,
        instance: this.instance,
        memory: this.memory,
        serial: this.calls,
      });
    const elementsOf = (buffer: Buffer): TypedArray =>
      readView(this.memory.buffer, this.lowering.addressOf(buffer), wholeView(buffer, [buffer.size]));
    this.places = this.plan.inputs.map((buffer) => (this.lowering.isPlaced(buffer) ? elementsOf(buffer) : undefined));
    for (const { buffer, value } of this.plan.constants) elementsOf(buffer).set(value.buffer);
  }

  private get memory(): WasmMemory {
    return this.own.memory;
  }

  get bytes(): number {
    return this.isReleased ? 0 : this.memory.buffer.byteLength;
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.parallel?.release();
    memories.give(this.own);
  }

  get threads(): number {
    return this.parallel?.threads ?? 1;
  }

  private write(inputs: readonly DenseTensor[]): void {
    if (this.isReleased) throw new Error("wasm: a released program must not run; compile the function again");
    this.places.forEach((place, i) => {
      place?.set(inputs[i].buffer);
    });
  }

  profile(inputs: readonly DenseTensor[]): PlanTimes {
    const milliseconds = this.plan.kernels.map(() => 0);
    this.write(inputs);
    for (const launch of this.lowering.launches.flatMap(partsOf)) {
      const call = callOf(launch, this.instance, this.memory);
      const start = performance.now();
      call();
      milliseconds[launch.kernel] += performance.now() - start;
    }
    return { plan: this.plan, milliseconds };
  }

  run(inputs: readonly DenseTensor[]): DenseTensor[] {
    const { buffer: memory } = this.memory;
    this.write(inputs);
    if (this.parallel) this.parallel.run();
    else for (const call of this.calls) call();
    return this.plan.outputs.map((view, i) => {
      const { shape, dtype, weak } = this.program.outputs[i];
      const elements = readView(memory, this.lowering.addressOf(view.buffer), view);
      return new DenseTensor(elements.buffer === memory ? elements.slice() : elements, shape, dtype, weak);
    });
  }
}

/** The launches of single kernels that a chain is made of. */
const partsOf = (launch: Launch): readonly Launch[] => (launch.kind === "host" ? [launch] : (launch.parts ?? [launch]));

function callOf(launch: Launch, instance: WasmInstance, memory: WasmMemory): () => void {
  if (launch.kind === "host") return () => launch.run(memory.buffer);
  if (launch.parts) {
    // On one thread each kernel runs fastest over all its rows.
    const parts = launch.parts.map((part) => callOf(part, instance, memory));
    return () => {
      for (const part of parts) part();
    };
  }
  const target = instance.exports[launch.name] as (lo: number, hi: number, chunk: number) => void;
  return () => target(0, launch.workItems, 0);
}

/** Most threads at which each has at least four chunks of the largest launch. */
const usefulThreads = (launches: readonly Launch[]): number =>
  Math.floor(launches.reduce((most, launch) => Math.max(most, chunksOf(launch)), 0) / 4);

/** Workers have the functions of Math and no others of the host. */
const canRunAnywhere = (module: ModuleBuilder): boolean =>
  module.importedFunctions.every(
    (name) => scalarFunctions[name] === (Math as unknown as Record<string, unknown>)[name],
  );
