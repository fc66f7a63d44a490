import { stridesOf } from "../../../array/shape.ts";
import type { Tensor } from "../../../array/tensor.ts";
import type { MapKernel } from "../../../compiler/plan.ts";
import { type Node, sortedNodes } from "../../../expression/index.ts";
import { type DeferredProduct, type DeviceArray, type Lowering, maxArrays } from "../lowering.ts";
import { launchProduct } from "./contract.ts";
import { arraysOf, readingsOf, type Sources } from "./sources.ts";

/** Products that were left to a map. */
export const deferredProducts = (lowering: Lowering, { inputs }: MapKernel): DeferredProduct[] =>
  inputs.flatMap(({ view }) => lowering.deferred.get(view.buffer) ?? []);

/**
 * Computes the products that were left to a map, each with as much of its epilogue as one launch may read arrays for: a bias
 * and an activation cost no launch of their own.
 *
 * @param nodes expressions of the results and of every value of an epilogue
 * @returns values that are computed now, with their arrays
 */
export function finishProducts(
  lowering: Lowering,
  { inputs, shape }: MapKernel,
  nodes: ReadonlyMap<Tensor, Node>,
  sources: Sources,
): Map<Node, DeviceArray> {
  const finished = new Map<Node, DeviceArray>();
  const waiting = new Map(
    sortedNodes([...nodes.values()]).flatMap((node) => {
      const product = node.op === "input" && lowering.deferred.get(inputs[node.index!].view.buffer);
      return product ? [[node, product] as const] : [];
    }),
  );
  for (const [total, { left, right, epilogue }] of waiting) {
    waiting.delete(total);
    const fits = (root: Node): boolean => {
      const needed = sortedNodes([root], sources);
      const arrays = arraysOf(root, sources).add(lowering.arrayOf(left.buffer)).add(lowering.arrayOf(right.buffer));
      return arrays.size <= maxArrays && !needed.some((node) => waiting.has(node));
    };
    const values = epilogue.map(({ output }) => nodes.get(output)!);
    const end = values.findIndex((value) => !fits(value));
    const root = [total, ...(end < 0 ? values : values.slice(0, end))].at(-1)!;
    const known = new Map([...sources, [total, { array: lowering.number(0), strides: [], offset: 0 }]]);
    const readings = readingsOf(root, known).filter(({ node }) => node !== total);
    const finish = root === total ? undefined : { root, total, readings };
    const array = launchProduct(lowering, left, right, finish);
    sources.set(root, { array, strides: stridesOf(shape), offset: 0 });
    finished.set(root, array);
  }
  return finished;
}
