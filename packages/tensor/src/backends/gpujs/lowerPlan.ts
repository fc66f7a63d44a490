import { BackendError } from "../../array/errors.ts";
import type { HostKernel, Kernel, Plan } from "../../compiler/plan.ts";
import type { Buffer } from "../../compiler/view.ts";
import { lowerContract } from "./kernels/contract.ts";
import { privateProducts } from "./kernels/fusedProduct.ts";
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
 * What runs on a device for a plan: a function of the plan alone.
 *
 * @throws BackendError for what a GPU cannot do
 */
export function lowerPlan(plan: Plan): DeviceProgram {
  const lowering = new Lowering();
  plan.inputs.forEach((buffer, index) => {
    lowering.place(buffer, { kind: "argument", index });
  });
  for (const { buffer, value } of plan.constants) lowering.place(buffer, { kind: "constant", value });
  const privates = privateProducts(plan);
  for (const kernel of plan.kernels) lowerings[kernel.kind](lowering, kernel as never, privates);
  return { launches: lowering.launches, outputs: plan.outputs.map(({ buffer }) => lowering.arrayOf(buffer)) };
}

type Lowerings = {
  readonly [K in Kernel["kind"]]: (
    lowering: Lowering,
    kernel: Extract<Kernel, { readonly kind: K }>,
    privates: ReadonlySet<Buffer>,
  ) => void;
};

const lowerings: Lowerings = {
  map: lowerMap,
  reduce: lowerReduce,
  contract: (lowering, kernel, privates) => lowerContract(lowering, kernel, privates.has(kernel.outputs[0].buffer)),
  scan: lowerScan,
  move: lowerMove,
  host: refuse,
};

function refuse(_: Lowering, { equations: [{ primitive, output }] }: HostKernel): never {
  throw new BackendError(
    `gpujs: a primitive must be one of the package's own or have an expression, got "${primitive.name}" on ${output.dtype} values of ` +
      'the device; give it an expression, or use backend "wasm"',
  );
}

/** Texts of the kernels that a plan runs, each once, in order of first use. */
export function gpujsSources(plan: Plan): string[] {
  const kernels = lowerPlan(plan).launches.flatMap((array): KernelText[] =>
    array.kind === "result" ? [array.kernel] : [],
  );
  return [...new Set(kernels.map(printKernel))];
}
