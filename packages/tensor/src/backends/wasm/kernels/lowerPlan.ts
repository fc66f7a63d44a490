import { layOut } from "../../../compiler/arena.ts";
import type { ContractKernel, Kernel, Plan, ScanKernel } from "../../../compiler/plan.ts";
import type { ModuleBuilder } from "../assembler/index.ts";
import type { VectorFeatures } from "../features.ts";
import { lowerChain } from "./chain.ts";
import { lowerContract } from "./contract.ts";
import { lowerConv } from "./conv.ts";
import { lowerHost } from "./host.ts";
import { Lowering } from "./lowering.ts";
import { lowerMap } from "./map.ts";
import { lowerMove } from "./move.ts";
import { lowerReduce } from "./reduce.ts";
import { lowerScan } from "./scan.ts";

/** Bytes at the start of memory that no buffer uses. */
const reserved = 1024;

/** Places a plan's buffers in memory and writes its kernels into a module. */
export function lowerPlan(plan: Plan, module: ModuleBuilder, features: VectorFeatures): Lowering {
  const lowering = new Lowering(module, layOut(plan), reserved, features);
  const lower = (index: number): void => {
    const kernel = plan.kernels[index];
    if (!lowerKernel(lowering, kernel, index)) lowerHost(lowering, kernel, index);
  };
  for (let index = 0; index < plan.kernels.length; ) {
    const chain = plan.chains.find(({ from }) => from === index);
    if (chain) lowerChain(lowering, plan, chain, lower);
    else lower(index);
    index = chain?.to ?? index + 1;
  }
  return lowering;
}

type Lower<K extends Kernel> = (lowering: Lowering, kernel: K, index: number) => boolean;

const contractions: Readonly<Record<ContractKernel["contraction"], Lower<ContractKernel>>> = {
  matmul: lowerContract,
  conv: lowerConv,
};
const scans: Readonly<Record<ScanKernel["scan"], Lower<ScanKernel>>> = { cumsum: lowerScan };

/** Code for a kernel, or false where it is better left to the host. */
function lowerKernel(lowering: Lowering, kernel: Kernel, index: number): boolean {
  switch (kernel.kind) {
    case "contract":
      return contractions[kernel.contraction](lowering, kernel, index);
    case "map":
      return lowerMap(lowering, kernel, index);
    case "move":
      return lowerMove(lowering, kernel, index);
    case "scan":
      return scans[kernel.scan](lowering, kernel, index);
    case "reduce":
      return lowerReduce(lowering, kernel, index);
    case "host":
      return false;
  }
}
