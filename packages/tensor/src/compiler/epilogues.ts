import { isContiguous } from "../array/layout.ts";
import { type Shape, sameShape } from "../array/shape.ts";
import type { Equation } from "../program/equation.ts";
import type { Kernel, KernelInput, Plan } from "./plan.ts";
import type { Buffer } from "./view.ts";

/** One kernel that reads a buffer in one way. */
interface Reading {
  readonly kernel: Kernel;
  readonly input: KernelInput;
}

/**
 * Attaches its epilogue to every contraction: equations such as a bias and an activation, which a backend may compute before
 * it writes the product. The equations stay in the map kernel too. Two products that meet in a sum have the same epilogue; a
 * backend that computes epilogues leaves it to the second product.
 */
export function withEpilogues(plan: Plan): Plan {
  const readings = new Map<Buffer, Reading[]>();
  for (const kernel of plan.kernels) {
    for (const input of kernel.inputs) {
      const { buffer } = input.view;
      readings.set(buffer, [...(readings.get(buffer) ?? []), { kernel, input }]);
    }
  }
  const results = new Set(plan.outputs.map(({ buffer }) => buffer));
  const kernels = plan.kernels.map((kernel): Kernel => {
    if (kernel.kind !== "contract") return kernel;
    const [{ buffer, value }] = kernel.outputs;
    const [reading, ...others] = readings.get(buffer) ?? [];
    if (!reading || others.length > 0 || results.has(buffer)) return kernel;
    return { ...kernel, epilogue: epilogueOf(reading, value.shape) };
  });
  return { ...plan, kernels };
}

/**
 * The equations of a map that follow a product one after the other, up to a value that is written or that not exactly one
 * equation reads. The map must read element i of the product for its own element i alone.
 */
function epilogueOf({ kernel, input: { value: product, view } }: Reading, shape: Shape): Equation[] {
  if (kernel.kind !== "map" || !sameShape(kernel.shape, shape) || view.offset !== 0 || !isContiguous(view)) return [];
  const written = new Set(kernel.outputs.map(({ value }) => value));
  const epilogue: Equation[] = [];
  for (let value = product; !written.has(value); value = epilogue[epilogue.length - 1].output) {
    const next = kernel.equations.filter(({ operands }) => operands.includes(value));
    if (next.length !== 1) break;
    epilogue.push(next[0]);
  }
  return epilogue;
}
