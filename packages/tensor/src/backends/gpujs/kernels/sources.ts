import type { KernelInput } from "../../../compiler/plan.ts";
import type { View } from "../../../compiler/view.ts";
import { type GpuText, type Node, printGpuJs, sortedNodes } from "../../../expression/index.ts";
import { type DeviceArray, type Lowering, maxArrays } from "../lowering.ts";
import { indexAt } from "../threads.ts";

/** Where a value of an expression is read: in a view of a kernel's shape, whose axes a caller may merge. */
export interface Source {
  readonly array: DeviceArray;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Values that are read and not computed. */
export type Sources = Map<Node, Source>;

const sourceOf = (lowering: Lowering, { buffer, strides, offset }: View): Source => ({
  array: lowering.arrayOf(buffer),
  strides,
  offset,
});

/** Sources of the inputs of expressions, and of numbers that the text of a kernel cannot express. */
export function sourcesOf(lowering: Lowering, roots: readonly Node[], inputs: readonly KernelInput[]): Sources {
  const sources: Sources = new Map();
  for (const node of sortedNodes(roots)) {
    const isRead = node.op === "input" && !lowering.deferred.has(inputs[node.index!].view.buffer);
    if (isRead) sources.set(node, sourceOf(lowering, inputs[node.index!].view));
    if (node.op !== "constant" || Number.isFinite(node.value)) continue;
    const strides = new Array<number>(inputs[0]?.view.shape.length ?? 0).fill(0);
    sources.set(node, { array: lowering.number(node.value!), strides, offset: 0 });
  }
  return sources;
}

/**
 * Limits the arrays that a value is computed from: where an operation would need more, `compute` computes the operand with the most
 * arrays on its own, and its result is read.
 */
export function limitArrays(roots: readonly Node[], sources: Sources, compute: (node: Node) => Source): void {
  for (const node of sortedNodes(roots)) {
    while (!sources.has(node) && arraysOf(node, sources).size > maxArrays) {
      const heavy = [...node.args]
        .filter((arg) => !sources.has(arg))
        .sort((a, b) => arraysOf(b, sources).size - arraysOf(a, sources).size)[0];
      sources.set(heavy, compute(heavy));
    }
  }
}

/** Arrays that a value is computed from. */
export function arraysOf(root: Node, sources: Sources): Set<DeviceArray> {
  const read = sortedNodes([root], sources).flatMap((node) => sources.get(node) ?? []);
  return new Set(read.map(({ array }) => array));
}

/** A value that an expression reads, and where it is. */
export interface Reading {
  readonly node: Node;
  readonly source: Source;
}

/** The readings of a value, each once. */
export const readingsOf = (root: Node, sources: Sources): Reading[] =>
  sortedNodes([root], sources).flatMap((node) => {
    const source = sources.get(node);
    return source ? [{ node, source }] : [];
  });

/** The arrays of readings, each once: the arguments of a kernel. */
export const arraysRead = (readings: readonly Reading[]): DeviceArray[] => [
  ...new Set(readings.map(({ source }) => source.array)),
];

/** Statements for a value whose readings have these strides along these coordinates. */
export function valueAt(
  root: Node,
  readings: readonly Reading[],
  strides: readonly (readonly number[])[],
  coordinates: readonly string[],
  { operands = arraysRead(readings), known = [], letter = "t" }: ValueOptions = {},
): GpuText {
  const texts = readings.map(({ node, source }, i): [Node, string] => [
    node,
    `a${operands.indexOf(source.array)}[${indexAt(source.offset, strides[i], coordinates)}]`,
  ]);
  return printGpuJs(root, new Map([...texts, ...known]), letter);
}

/** Context of a value within its kernel. */
interface ValueOptions {
  /** The kernel's arguments. */
  readonly operands?: readonly DeviceArray[];
  /** Values that the kernel has computed before, and their names. */
  readonly known?: readonly (readonly [Node, string])[];
  /** The first letter of local names. */
  readonly letter?: string;
}
