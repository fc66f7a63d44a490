import { layOut } from "../../compiler/arena.ts";
import { buildPlan } from "../../compiler/buildPlan.ts";
import type { Kernel, Plan } from "../../compiler/plan.ts";
import { BackendError } from "../../errors.ts";
import { operations } from "../../expression/operations.ts";
import type { Program } from "../../program/program.ts";
import { DenseTensor } from "../../tensor.ts";
import type { Backend, Executable } from "../backend.ts";
import { ModuleBuilder } from "./assembler/moduleBuilder.ts";
import { hasFma } from "./features.ts";
import { lowerArgmax } from "./kernels/argmax.ts";
import { lowerContract } from "./kernels/contract.ts";
import { lowerHost, readView } from "./kernels/host.ts";
import { type Launch, Lowering } from "./kernels/launch.ts";
import { lowerMap } from "./kernels/map.ts";
import { lowerMove } from "./kernels/move.ts";
import { lowerReduce } from "./kernels/reduce.ts";
import { lowerScan } from "./kernels/scan.ts";
import { compileModule, type WasmInstance, type WasmMemory, webAssembly } from "./webAssembly.ts";

/** Bytes at the start of memory that no buffer uses. */
const reserved = 1024;
/** Most bytes a 32-bit memory can have. */
const maxBytes = 2 ** 32 - 65_536;

/** What compiled code calls lane by lane: the reference's own functions. */
const hostFunctions: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(operations).flatMap(([name, { scalar }]) => (scalar ? [[name, scalar]] : [])),
);

/** Compiled code for the CPU: kernels are emitted when a program is prepared. */
export const wasm: Backend = {
  name: "wasm",
  prepare: (program) => new WasmExecutable(program),
  describe: () => ({ backend: "wasm", simd: `128 bits, ${hasFma() ? "fused" : "separate"} multiply-add`, threads: 1 }),
};

class WasmExecutable implements Executable {
  readonly bytes: number;
  readonly launches: number;
  private readonly plan: Plan;
  private readonly lowering: Lowering;
  private readonly program: Program;
  private readonly memory: WasmMemory;
  private readonly calls: ((memory: ArrayBufferLike) => void)[];

  constructor(program: Program) {
    this.program = program;
    this.plan = buildPlan(program);
    const module = new ModuleBuilder();
    this.lowering = lowerPlan(this.plan, module);
    const pages = Math.ceil(this.lowering.end / 65_536);
    module.importMemory({ module: "env", name: "memory", minimum: pages });
    if (this.lowering.end > maxBytes) {
      throw new BackendError(
        `compile: the program needs ${this.lowering.end} bytes of memory, WebAssembly has 4 GiB; use smaller batches`,
      );
    }
    this.memory = new webAssembly.Memory({ initial: pages });
    const instance = new webAssembly.Instance(compileModule(module.toBytes()), {
      env: { memory: this.memory },
      host: hostFunctions,
    });
    this.bytes = pages * 65_536;
    this.launches = this.lowering.launches.length;
    this.calls = this.lowering.launches.map((launch) => callOf(launch, instance));
    for (const { buffer, value } of this.plan.constants) {
      readView(this.memory.buffer, this.lowering.addressOf(buffer), {
        buffer,
        shape: [buffer.size],
        strides: [1],
        offset: 0,
      }).set(value.buffer);
    }
  }

  run(inputs: readonly DenseTensor[]): DenseTensor[] {
    const { buffer: memory } = this.memory;
    this.plan.inputs.forEach((buffer, i) => {
      if (!this.lowering.isPlaced(buffer)) return;
      readView(memory, this.lowering.addressOf(buffer), { buffer, shape: [buffer.size], strides: [1], offset: 0 }).set(
        inputs[i].buffer,
      );
    });
    for (const call of this.calls) call(memory);
    return this.plan.outputs.map((view, i) => {
      const { shape, dtype, weak } = this.program.outputs[i];
      const elements = readView(memory, this.lowering.addressOf(view.buffer), view);
      return new DenseTensor(elements.buffer === memory ? elements.slice() : elements, shape, dtype, weak);
    });
  }
}

function lowerPlan(plan: Plan, module: ModuleBuilder): Lowering {
  const lowering = new Lowering(module, layOut(plan), reserved, hasFma());
  plan.kernels.forEach((kernel, index) => {
    if (!lowerKernel(lowering, kernel, index)) lowerHost(lowering, kernel, index);
  });
  return lowering;
}

/** Code for a kernel, or false where it is better left to the host. */
function lowerKernel(lowering: Lowering, kernel: Kernel, index: number): boolean {
  if (kernel.kind === "contract") return lowerContract(lowering, kernel, index);
  if (kernel.kind === "map") return lowerMap(lowering, kernel, index);
  if (kernel.kind === "move") return lowerMove(lowering, kernel, index);
  if (kernel.kind === "scan") return lowerScan(lowering, kernel, index);
  return kernel.combiner === "argmax" ? lowerArgmax(lowering, kernel, index) : lowerReduce(lowering, kernel, index);
}

function callOf(launch: Launch, instance: WasmInstance): (memory: ArrayBufferLike) => void {
  if (launch.kind === "host") return launch.run;
  const target = instance.exports[launch.name] as (lo: number, hi: number, chunk: number) => void;
  return () => target(0, launch.units, 0);
}
