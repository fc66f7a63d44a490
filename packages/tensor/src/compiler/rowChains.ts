import { sizeOf } from "../array/shape.ts";
import { layOut } from "./arena.ts";
import type { Kernel, Plan, RowChain } from "./plan.ts";
import type { Buffer, View } from "./view.ts";

/** Fewest kernels that are worth a chain. */
const usualMinimum = 4;
/** Rows of a block: a whole number of tiles, and few enough for all values of the block to stay in the cache. */
const blockSizes = [64, 32, 16];
/** Fewest blocks for each thread, so that no thread waits long for the last one. */
const blocksPerThread = 4;
/** Bytes of a plan above which chains cost more than they save: all kernels of a chain need their memory at the same time. */
const maxBytes = 2 ** 25;
/**
 * Growth of the memory of a plan above which its chains are given up: it is 1.11 to 1.18 for steps of MeanFlow, and was 6.6 for eight
 * layers with `checkpoint`, since a chain keeps the values that such a program computes again.
 */
const maxGrowth = 2;

/**
 * Reorders a plan so that kernels which work row by row follow each other: layers, activations and their derivatives run on
 * one block of rows after another, sums over rows (gradients of weights) come afterwards. Threads then synchronise once per
 * chain instead of once per kernel.
 */
export function withRowChains(plan: Plan, threads: number, minKernels = usualMinimum): Plan {
  const { size } = layOut(plan);
  if (size > maxBytes) return plan;
  const kernels: Kernel[] = [];
  const chains: RowChain[] = [];
  let left = plan.kernels;
  while (left.length > 0) {
    const rows = commonRows(left);
    const { before, chain, after } = splitOff(left, rows);
    const blockRows = blockSizes.find((size) => rows >= size * blocksPerThread * threads);
    if (chain.length >= minKernels && blockRows !== undefined) {
      const from = kernels.push(...before);
      chains.push({ from, to: kernels.push(...chain), rows, blockRows });
    } else {
      const isAfter = new Set(after);
      kernels.push(...left.filter((kernel) => !isAfter.has(kernel)));
    }
    left = after;
  }
  const chained = { ...plan, kernels, chains };
  return layOut(chained).size > maxGrowth * size ? plan : chained;
}

/** Rows of a kernel's results if each row depends on the same row of the inputs alone, else 0. */
function rowsOf(kernel: Kernel): number {
  const { shape } = kernel.outputs[0]?.value ?? { shape: [] };
  switch (kernel.kind) {
    case "map":
      return kernel.shape.length > 1 ? kernel.shape[0] : 0;
    case "reduce":
      return kernel.combiner !== "argmax" && !kernel.axes.includes(0) && kernel.shape.length > 1 ? kernel.shape[0] : 0;
    case "contract":
      return kernel.contraction === "matmul" && shape.length === 2 ? shape[0] : 0;
    default:
      return 0;
  }
}

/** The number of rows that most elements of the kernels' results have. */
function commonRows(kernels: readonly Kernel[]): number {
  const elements = new Map<number, number>([[0, 0]]);
  for (const kernel of kernels) {
    const rows = rowsOf(kernel);
    const size = kernel.outputs.reduce((sum, { value }) => sum + sizeOf(value.shape), 0);
    if (rows > 0) elements.set(rows, (elements.get(rows) ?? 0) + size);
  }
  return [...elements].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

interface Split {
  readonly before: Kernel[];
  readonly chain: Kernel[];
  readonly after: Kernel[];
}

/** The first chain of kernels: kernels that do not need it come before, kernels that need all of its rows come afterwards. */
function splitOff(kernels: readonly Kernel[], rows: number): Split {
  const split: Split = { before: [], chain: [], after: [] };
  const [inChain, later] = [new Set<Buffer>(), new Set<Buffer>()];
  for (const kernel of kernels) {
    const views = kernel.inputs.map(({ view }) => view);
    const outputs = kernel.outputs.map(({ buffer }) => buffer);
    const needsLater = views.some(({ buffer }) => later.has(buffer));
    if (!needsLater && rowsOf(kernel) === rows && readsOwnRows(kernel, rows, inChain)) {
      split.chain.push(kernel);
      for (const buffer of outputs) inChain.add(buffer);
    } else if (!needsLater && !views.some(({ buffer }) => inChain.has(buffer))) split.before.push(kernel);
    else {
      split.after.push(kernel);
      for (const buffer of outputs) later.add(buffer);
    }
  }
  return split;
}

/** Whether a kernel reads the chain's values row by row; the right factor of a product must be computed before the chain. */
function readsOwnRows(kernel: Kernel, rows: number, inChain: ReadonlySet<Buffer>): boolean {
  const right = kernel.kind === "contract" ? kernel.equations[0].operands[1] : undefined;
  return kernel.inputs.every(
    ({ value, view }) => !inChain.has(view.buffer) || (value !== right && staysInRows(view, rows)),
  );
}

/** Whether index i along the first axis leads to elements of row i of the buffer alone. */
function staysInRows({ buffer, shape, strides, offset }: View, rows: number): boolean {
  const length = buffer.size / rows;
  if (shape[0] !== rows || strides[0] !== length) return false;
  const reach = (sign: number): number =>
    strides.slice(1).reduce((sum, stride, i) => sum + Math.max(0, sign * stride) * (shape[i + 1] - 1), 0);
  return offset - reach(-1) >= 0 && offset + reach(1) < length;
}
