import { sameShape, stridesOf } from "../../../array/shape.ts";
import type { Kernel, MapKernel, Plan } from "../../../compiler/plan.ts";
import { type Buffer, isContiguous } from "../../../compiler/view.ts";
import { type Node, sortedNodes } from "../../../expression/index.ts";
import { type DeviceArray, type Lowering, maxArrays } from "../lowering.ts";
import { launchProduct } from "./contract.ts";
import { arraysOf, readingsOf, type Sources } from "./values.ts";

/** Products that one map alone reads, each element where it computes the same element. */
export function privateProducts({ kernels, outputs }: Plan): Set<Buffer> {
  const readers = new Map<Buffer, Kernel[]>();
  for (const kernel of kernels) {
    for (const { view } of kernel.inputs) readers.set(view.buffer, [...(readers.get(view.buffer) ?? []), kernel]);
  }
  const results = new Set(outputs.map(({ buffer }) => buffer));
  const products = kernels.filter(({ kind }) => kind === "contract").map((kernel) => kernel.outputs[0]);
  const isPrivate = ({ buffer, value }: Kernel["outputs"][number]): boolean => {
    const [reader, ...others] = readers.get(buffer) ?? [];
    if (reader?.kind !== "map" || others.length > 0 || results.has(buffer)) return false;
    const { view } = reader.inputs.find((input) => input.view.buffer === buffer)!;
    return sameShape(reader.shape, value.shape) && view.offset === 0 && isContiguous(view);
  };
  return new Set(products.filter(isPrivate).map(({ buffer }) => buffer));
}

/**
 * Computes the products that were left to a map, each with as much of the map as follows from it in a single chain: a bias
 * and an activation cost no launch of their own.
 *
 * @returns what was computed, which from here on is read
 */
export function finishProducts(
  lowering: Lowering,
  { inputs, shape }: MapKernel,
  roots: readonly Node[],
  sources: Sources,
): Map<Node, DeviceArray> {
  const finished = new Map<Node, DeviceArray>();
  const nodes = sortedNodes(roots);
  const waiting = new Map(
    nodes.flatMap((node) => {
      const product = node.op === "input" && lowering.deferred.get(inputs[node.index!].view.buffer);
      return product ? [[node, product] as const] : [];
    }),
  );
  for (const [total, { left, right }] of waiting) {
    waiting.delete(total);
    const fits = (root: Node): boolean => {
      const needed = sortedNodes([root], sources);
      const arrays = arraysOf(root, sources).add(lowering.arrayOf(left.buffer)).add(lowering.arrayOf(right.buffer));
      return arrays.size <= maxArrays && !needed.some((node) => waiting.has(node));
    };
    const root = lastInChain(total, nodes, roots, fits);
    const known = new Map([...sources, [total, { array: lowering.number(0), strides: [], offset: 0 }]]);
    const readings = readingsOf(root, known).filter(({ node }) => node !== total);
    const finish = root === total ? undefined : { root, total, readings };
    const array = launchProduct(lowering, left, right, finish);
    sources.set(root, { array, strides: stridesOf(shape), offset: 0 });
    finished.set(root, array);
  }
  return finished;
}

/** The furthest value that everything computed from `first` goes through. */
function lastInChain(first: Node, nodes: readonly Node[], roots: readonly Node[], fits: (root: Node) => boolean): Node {
  let last = first;
  while (!roots.includes(last)) {
    const readers = nodes.filter(({ args }) => args.includes(last));
    if (readers.length !== 1 || !fits(readers[0])) break;
    last = readers[0];
  }
  return last;
}
