import { BackendError } from "../../array/errors.ts";
import type { ContractKernel, HostKernel, Kernel, Plan, ScanKernel } from "../../compiler/plan.ts";
import { lowerContract } from "./kernels/contract.ts";
import { lowerConv } from "./kernels/conv.ts";
import { lowerReduce } from "./kernels/lowerReduce.ts";
import { lowerMap } from "./kernels/map.ts";
import { lowerMove } from "./kernels/move.ts";
import { lowerScan } from "./kernels/scan.ts";
import { type KernelText, printKernel } from "./kernelText.ts";
import { type DeviceArray, Lowering } from "./lowering.ts";

/** A plan as launches of gpu.js kernels. */
export interface DeviceProgram {
  /** Results of kernels, in the order in which they are computed. */
  readonly launches: readonly DeviceArray[];
  /** The array behind each output of the plan. */
  readonly outputs: readonly DeviceArray[];
}

/**
 * The launches of a device for a plan, which depend on the plan alone.
 *
 * @throws BackendError for operations that a GPU cannot run
 */
export function lowerPlan(plan: Plan): DeviceProgram {
  const lowering = new Lowering();
  plan.inputs.forEach((buffer, index) => {
    lowering.place(buffer, { kind: "argument", index });
  });
  for (const { buffer, value } of plan.constants) lowering.place(buffer, { kind: "constant", value });
  for (const kernel of plan.kernels) lowerings[kernel.kind](lowering, kernel as never);
  return { launches: lowering.launches, outputs: plan.outputs.map(({ buffer }) => lowering.arrayOf(buffer)) };
}

type Lower<K extends Kernel> = (lowering: Lowering, kernel: K) => void;

const contractions: Readonly<Record<ContractKernel["contraction"], Lower<ContractKernel>>> = {
  matmul: lowerContract,
  conv: lowerConv,
};
const scans: Readonly<Record<ScanKernel["scan"], Lower<ScanKernel>>> = { cumsum: lowerScan };

type Lowerings = { readonly [K in Kernel["kind"]]: Lower<Extract<Kernel, { readonly kind: K }>> };

const lowerings: Lowerings = {
  map: lowerMap,
  reduce: lowerReduce,
  contract: (lowering, kernel) => contractions[kernel.contraction](lowering, kernel),
  scan: (lowering, kernel) => scans[kernel.scan](lowering, kernel),
  move: lowerMove,
  host: refuse,
};

function refuse(_: Lowering, { equations: [{ primitive, output }] }: HostKernel): never {
  throw new BackendError(
    `gpujs: a primitive must be one of the package's own, a map with an expression or a view, got "${primitive.name}" on ${output.dtype} ` +
      'values of the device; give it the role "map" and an expression, or use backend "wasm"',
  );
}

/** Texts of the kernels that a plan runs, each once, in order of first use. */
export function gpujsSources(plan: Plan): string[] {
  const kernels = lowerPlan(plan).launches.flatMap((array): KernelText[] =>
    array.kind === "result" ? [array.kernel] : [],
  );
  return [...new Set(kernels.map(printKernel))];
}
