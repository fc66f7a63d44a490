import { ModuleBuilder } from "../../../../src/backends/wasm/assembler/index.ts";
import { vectorFeatures } from "../../../../src/backends/wasm/features.ts";
import { readView } from "../../../../src/backends/wasm/kernels/host.ts";
import { lowerPlan } from "../../../../src/backends/wasm/kernels/lowerPlan.ts";
import { webAssembly } from "../../../../src/backends/wasm/webAssembly.ts";
import { buildPlan } from "../../../../src/compiler/buildPlan.ts";
import type { Plan, RowChain } from "../../../../src/compiler/plan.ts";

import { wholeView } from "../../../../src/compiler/view.ts";
import { scalarFunctions } from "../../../../src/expression/index.ts";
import { DenseTensor, simplify, type Tensor, trace } from "../../../../src/index.ts";

/** What one run did. */
export interface SplitRun {
  readonly outputs: DenseTensor[];
  /** Primitives that were left to the host. */
  readonly hosted: readonly string[];
  /** Kernels that ran on blocks of rows. */
  readonly chains: readonly RowChain[];
  /** Work items of every launch of code. */
  readonly workItems: readonly number[];
  /** Bytes of the module. */
  readonly moduleBytes: number;
}

/**
 * Runs a function as compiled code in a memory that is full of rubbish, every launch in several pieces, the last one first:
 * what threads may do.
 */
export function runSplit(
  f: (...xs: Tensor[]) => unknown,
  inputs: readonly DenseTensor[],
  pieces = 3,
  reorder: (plan: Plan) => Plan = (plan) => plan,
): SplitRun {
  const program = simplify(trace(f)(...inputs));
  const plan = reorder(buildPlan(program));
  const module = new ModuleBuilder();
  const lowering = lowerPlan(plan, module, vectorFeatures());
  const pages = Math.ceil(lowering.end / 65_536);
  module.importMemory({ module: "env", name: "memory", minimum: pages });
  const memory = new webAssembly.Memory({ initial: pages });
  new Uint8Array(memory.buffer).fill(0xa5);
  const bytes = module.toBytes();
  const instance = new webAssembly.Instance(new webAssembly.Module(bytes), {
    env: { memory },
    host: scalarFunctions,
  });
  const write = (buffer: (typeof plan.inputs)[number], value: DenseTensor): void => {
    if (!lowering.isPlaced(buffer)) return;
    readView(memory.buffer, lowering.addressOf(buffer), wholeView(buffer, [buffer.size])).set(value.buffer);
  };
  plan.inputs.forEach((buffer, i) => {
    write(buffer, inputs[i]);
  });
  for (const { buffer, value } of plan.constants) write(buffer, value);
  const hosted: string[] = [];
  for (const launch of lowering.launches) {
    if (launch.kind === "host") {
      hosted.push(plan.kernels[launch.kernel].equations[0].primitive.name);
      launch.run(memory.buffer);
      continue;
    }
    const kernel = instance.exports[launch.name] as (lo: number, hi: number, chunk: number) => void;
    const count = Math.min(pieces, launch.workItems);
    const bound = (piece: number): number => Math.floor((piece * launch.workItems) / count);
    for (let piece = count - 1; piece >= 0; piece--) kernel(bound(piece), bound(piece + 1), piece);
  }
  const outputs = plan.outputs.map((view, i) => {
    const { shape, dtype, weak } = program.outputs[i];
    const elements = readView(memory.buffer, lowering.addressOf(view.buffer), view);
    return new DenseTensor(elements.slice(), shape, dtype, weak);
  });
  return {
    outputs,
    hosted,
    chains: plan.chains,
    workItems: lowering.launches.map((launch) => (launch.kind === "host" ? 1 : launch.workItems)),
    moduleBytes: bytes.length,
  };
}
