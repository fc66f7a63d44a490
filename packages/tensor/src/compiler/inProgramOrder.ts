import type { Equation } from "../program/equation.ts";
import type { Program } from "../program/program.ts";
import type { Kernel } from "./plan.ts";
import type { Buffer } from "./view.ts";

/**
 * Kernels in the order in which a program computes their last equations, and every kernel after those whose results it reads.
 *
 * Stages decide which equations share a kernel, and a kernel could run at the earliest stage at which its inputs exist. A value that is
 * needed late would then be made early and held in memory: a recomputation of `checkpoint` beside the first computation.
 */
export function inProgramOrder(kernels: readonly Kernel[], { equations }: Pick<Program, "equations">): Kernel[] {
  const positions = new Map<Equation, number>(equations.map((equation, i) => [equation, i]));
  const lastOf = ({ equations: own }: Kernel): number => Math.max(...own.map((each) => positions.get(each)!));
  const writers = new Map<Buffer, Kernel>(
    kernels.flatMap((kernel) => kernel.outputs.map(({ buffer }) => [buffer, kernel] as const)),
  );
  const order = new Set<Kernel>();
  const place = (kernel: Kernel): void => {
    if (order.has(kernel)) return;
    for (const { view } of kernel.inputs) {
      const writer = writers.get(view.buffer);
      if (writer && writer !== kernel) place(writer);
    }
    order.add(kernel);
  };
  const wanted = kernels.map((kernel) => ({ kernel, last: lastOf(kernel) }));
  for (const { kernel } of wanted.sort((a, b) => a.last - b.last)) place(kernel);
  return [...order];
}
