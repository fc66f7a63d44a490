import { type Shape, sizeOf, stridesOf } from "../../../array/shape.ts";
import { expressionsOf } from "../../../compiler/expressionsOf.ts";
import type { MapKernel } from "../../../compiler/plan.ts";
import { collapse } from "../../../compiler/view.ts";
import type { Node } from "../../../expression/index.ts";
import { kernelText } from "../kernelText.ts";
import type { DeviceArray, Lowering } from "../lowering.ts";
import { threadsOf } from "../threads.ts";
import { deferredProducts, finishProducts } from "./fusedProduct.ts";
import { arraysRead, limitArrays, readingsOf, type Sources, sourcesOf, valueAt } from "./sources.ts";

/** One launch for each result: a kernel of gpu.js writes one array. */
export function lowerMap(lowering: Lowering, kernel: MapKernel): void {
  const { shape, inputs, outputs, equations } = kernel;
  const results = outputs.map(({ value }) => value);
  const epilogues = deferredProducts(lowering, kernel).flatMap(({ epilogue }) => epilogue.map(({ output }) => output));
  const values = [...results, ...epilogues];
  const nodes = expressionsOf(kernel, equations, values);
  const roots = nodes.slice(0, results.length);
  const sources = sourcesOf(lowering, roots, inputs);
  const finished = finishProducts(lowering, kernel, new Map(values.map((value, i) => [value, nodes[i]])), sources);
  limitMap(lowering, roots, shape, sources);
  roots.forEach((root, i) => {
    lowering.place(outputs[i].buffer, finished.get(root) ?? launchMap(lowering, root, shape, sources));
  });
}

/** As limitArrays: a value that is computed on its own becomes an array of the kernel's shape. */
export function limitMap(lowering: Lowering, roots: readonly Node[], shape: Shape, sources: Sources): void {
  limitArrays(roots, sources, (node) => ({
    array: launchMap(lowering, node, shape, sources),
    strides: stridesOf(shape),
    offset: 0,
  }));
}

/** An expression over a shape. */
function launchMap(lowering: Lowering, root: Node, shape: Shape, sources: Sources): DeviceArray {
  if (sizeOf(shape) === 0) return lowering.number(0);
  const readings = readingsOf(root, sources);
  const axes = collapse(
    shape,
    readings.map(({ source }) => source.strides),
  );
  const threads = threadsOf(axes.shape);
  const operands = arraysRead(readings);
  const { lines, result, functions } = valueAt(root, readings, axes.strides, threads.coordinates);
  const text = [...lines, `return ${result};`];
  return lowering.launch(
    kernelText(operands.length, text, threads.output, [...threads.functions, ...functions]),
    operands,
  );
}
