import { sizeOf } from "../../array/shape.ts";
import type { GpuFunction } from "../../expression/index.ts";

/** How the elements of a result are spread over threads. */
export interface Threads {
  /** Along x, y and z. */
  readonly output: readonly number[];
  /** Index along each axis, as integer source. */
  readonly coordinates: readonly string[];
  readonly functions: readonly GpuFunction[];
}

/** Blocks that WebGPU starts along an axis, 65,535, of 8 threads (x, y) or 1 (z). @source WebGPU, maxComputeWorkgroupsPerDimension */
const most = [524_280, 524_280, 65_535];

/**
 * ⌊x/n⌋ of whole numbers below 2³¹, n below 2²². gpu.js divides in float32: the first quotient has an error of up to 256, and the
 * second quotient, whose operands are small, corrects it.
 */
const quotient: GpuFunction = {
  name: "quotient",
  parameters: ["x", "n"],
  body: "return Math.floor(x / n) + Math.floor((x - Math.floor(x / n) * n + 0.5) / n);",
  uses: [],
  type: "Integer",
};

/** Up to three axes are the three axes of threads; more are taken out of one index. */
export function threadsOf(shape: readonly number[]): Threads {
  const output = [...shape].reverse();
  if (shape.length <= 3 && (shape.length === 1 || output.every((n, axis) => n <= most[axis]))) {
    const names = ["this.thread.x", "this.thread.y", "this.thread.z"].slice(0, shape.length);
    return { output, coordinates: names.reverse(), functions: [] };
  }
  const coordinates = shape.map((n, axis) => {
    const inner = sizeOf(shape.slice(axis + 1));
    const place = inner === 1 ? "this.thread.x" : `quotient(this.thread.x, ${inner})`;
    return axis === 0 ? place : `(${place} - quotient(this.thread.x, ${inner * n}) * ${n})`;
  });
  return { output: [sizeOf(shape)], coordinates, functions: [quotient] };
}

/** offset + Σ coordinate·stride, as integer source. */
export function indexAt(offset: number, strides: readonly number[], coordinates: readonly string[]): string {
  const terms = strides.flatMap((stride, axis) => {
    if (stride === 0) return [];
    const size = Math.abs(stride);
    return [`${stride < 0 ? "- " : "+ "}${size === 1 ? coordinates[axis] : `${coordinates[axis]} * ${size}`}`];
  });
  if (terms.length === 0) return String(offset);
  const [first] = terms;
  if (offset === 0 && first.startsWith("+ ")) return [first.slice(2), ...terms.slice(1)].join(" ");
  return [String(offset), ...terms].join(" ");
}
