import type { DType } from "../array/dtype.ts";
import { BackendError } from "../array/errors.ts";
import { type GpuFunction, gpuNumber } from "./gpuFunction.ts";
import type { Node } from "./graph.ts";
import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import { sortedNodes } from "./sortedNodes.ts";

/** A value as statements of gpu.js, and functions that they call. */
export interface GpuText {
  readonly lines: readonly string[];
  /** Name or number of the value after the statements. */
  readonly result: string;
  readonly functions: readonly GpuFunction[];
}

/** Operations on whole numbers that never make a larger one: below 2²⁴ they are exact as floats. */
const exactOnIntegers = new Set(["select", "min", "max", "abs", "sign", "neg", "eq", "lt", "le"]);
const casts: ReadonlySet<string> = new Set<DType>(["float64", "float32", "int32", "bool"]);

/**
 * A value for gpu.js, computed in float32; bools are 0 and 1, integers floats.
 *
 * @param sources of the nodes that are read and not computed
 * @param letter  that names begin with
 * @throws BackendError for an integer operation whose result need not fit, and for an operation that GPUs do not have
 */
export function printGpuJs(root: Node, sources: ReadonlyMap<Node, string>, letter = "t"): GpuText {
  const lines: string[] = [];
  const functions: GpuFunction[] = [];
  const nameOf = (node: Node): string =>
    node.op === "constant" && !sources.has(node) ? numberOf(node) : `${letter}${node.id}`;
  for (const node of sortedNodes([root], sources)) {
    const read = sources.get(node);
    if (read !== undefined) lines.push(`const ${nameOf(node)} = ${read};`);
    else if (node.op !== "constant") {
      const args = node.args.map(nameOf);
      const code = gpuOf(node)(args, node);
      if (typeof code !== "string") functions.push(code);
      lines.push(`const ${nameOf(node)} = ${typeof code === "string" ? code : `${code.name}(${args.join(", ")})`};`);
    }
  }
  return { lines, result: nameOf(root), functions };
}

function numberOf({ value = 0 }: Node): string {
  if (Number.isFinite(value)) return gpuNumber(value);
  throw new Error(`gpujs: ${value} cannot be written in a kernel; it must be read`);
}

function gpuOf(node: Node): NonNullable<Operation["gpu"]> {
  const operation: Operation = operations[node.op];
  const isInteger = [node, ...node.args].some(({ dtype }) => dtype === "int32");
  if (operation.gpu && (!isInteger || exactOnIntegers.has(node.op) || casts.has(node.op))) return operation.gpu;
  if (!isInteger) {
    throw new BackendError(
      `gpujs: ${node.op} must have a body for GPUs, but it has none; write its gpu beside its scalar, or use backend "wasm"`,
    );
  }
  throw new BackendError(
    `gpujs: ${node.op} of int32 cannot run on values of the device, only on what depends on integer arguments alone; ` +
      `cast its operands with cast(x, "float32")`,
  );
}
