import { collapse } from "../../../compiler/view.ts";
import { ExpressionGraph, type Node } from "../../../expression/index.ts";
import { type Shape, sizeOf, stridesOf } from "../../../shape.ts";
import { type KernelText, kernelText, type Product } from "../kernelText.ts";
import type { DeviceArray, Lowering } from "../lowering.ts";
import { threadsOf } from "../threads.ts";
import { type Reading, readingsOf, type Sources, valueAt } from "./values.ts";

/** How elements are combined. */
export type Combiner = "sum" | "max" | "min" | "argmax";

/** An expression over a shape, combined along some axes. */
export interface Reduction {
  readonly combiner: Combiner;
  readonly shape: Shape;
  readonly axes: readonly number[];
  readonly root: Node;
  readonly sources: Sources;
  /** What the kernel of a single stage may say of itself. */
  readonly product?: Product;
}

/** Fewer results than this leave a GPU idle: long sums are cut into parts then. */
const manyResults = 4096;
/** Elements that one thread combines gladly. */
const shortLoop = 256;

/** One launch, or two where few threads would combine many elements: first parts, then the parts. */
export function launchReduction(lowering: Lowering, reduction: Reduction): DeviceArray {
  const { shape, axes, combiner, root, sources } = reduction;
  const readings = readingsOf(root, sources);
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const along = (some: readonly number[]) =>
    collapse(
      some.map((axis) => shape[axis]),
      readings.map(({ source }) => some.map((axis) => source.strides[axis])),
    );
  const loops: Loops = { kept: along(kept), reduced: along(axes), root, readings, combiner };
  const total = sizeOf(loops.reduced.shape);
  if (sizeOf(loops.kept.shape) === 0) return lowering.number(0);
  if (total === 0) return lowering.launch(kernelText(0, ["return 0;"], threadsOf(loops.kept.shape).output), []);
  const parts = combiner === "argmax" ? undefined : partsOf(loops);
  if (!parts) return launch(lowering, { ...reduceKernel(loops), product: reduction.product }, readings);
  const partial = launch(lowering, reduceKernel({ ...loops, parts }), readings);
  return launchReduction(lowering, overParts(combiner, [sizeOf(loops.kept.shape), parts.count], partial));
}

type Axes = ReturnType<typeof collapse>;

interface Loops {
  readonly kept: Axes;
  readonly reduced: Axes;
  readonly root: Node;
  readonly readings: readonly Reading[];
  readonly combiner: Combiner;
  readonly parts?: Parts;
}

/** One reduced axis in `count` parts of `length` elements; the last one may be shorter. */
interface Parts {
  readonly axis: number;
  readonly length: number;
  readonly count: number;
}

const launch = (lowering: Lowering, kernel: KernelText, readings: readonly Reading[]): DeviceArray =>
  lowering.launch(kernel, [...new Set(readings.map(({ source }) => source.array))]);

function partsOf({ kept, reduced }: Loops): Parts | undefined {
  const total = sizeOf(reduced.shape);
  if (total <= shortLoop || sizeOf(kept.shape) >= manyResults) return undefined;
  const axis = reduced.shape.indexOf(Math.max(...reduced.shape));
  const size = reduced.shape[axis];
  // Both stages take about the same time when they combine about √total elements each.
  const length = Math.max(1, Math.floor((size * Math.ceil(Math.sqrt(total))) / total));
  const count = Math.ceil(size / length);
  return count > 1 && count < total ? { axis, length, count } : undefined;
}

function reduceKernel(loops: Loops): KernelText {
  const { kept, reduced, root, readings, combiner, parts } = loops;
  const threads = threadsOf(parts ? [...kept.shape, parts.count] : kept.shape);
  const counters = reduced.shape.map((_, axis) => `k${axis}`);
  const part = parts && threads.coordinates[kept.shape.length];
  const places = reduced.shape.map((_, axis) =>
    parts?.axis === axis ? `(${part} * ${parts.length} + k${axis})` : `k${axis}`,
  );
  const value = valueAt(
    root,
    readings,
    readings.map((_, i) => [...kept.strides[i], ...reduced.strides[i]]),
    [...threads.coordinates.slice(0, kept.shape.length), ...places],
  );
  const combined = combine(combiner, value.result, `${counters.join(" + ")} === 0`);
  const isCut = parts !== undefined && reduced.shape[parts.axis] % parts.length !== 0;
  const inner = [...value.lines, ...combined.step];
  const guarded = isCut ? [`if (${places[parts.axis]} < ${reduced.shape[parts.axis]}) {`, ...inner, "}"] : inner;
  const open = counters.map((name, axis) => {
    const end = parts?.axis === axis ? parts.length : reduced.shape[axis];
    return `for (let ${name} = 0; ${name} < ${end}; ${name}++) {`;
  });
  const body = [...open, ...guarded, ...open.map(() => "}")];
  const lines = [...combined.start, ...body, `return ${combined.result};`];
  return kernelText(value.operands.length, lines, threads.output, [...threads.functions, ...value.functions]);
}

/** Statements before, inside and after the loops. */
function combine(combiner: Combiner, value: string, isFirst: string) {
  if (combiner === "sum") return { start: ["let total = 0;"], step: [`total += ${value};`], result: "total" };
  if (combiner !== "argmax") {
    const step = [`best = ${isFirst} ? ${value} : Math.${combiner}(best, ${value});`];
    return { start: ["let best = 0;"], step, result: "best" };
  }
  return {
    start: ["let best = 0;", "let at = 0;", "let count = 0;"],
    step: [
      `const isBetter = ${isFirst} ? 1 : (${value} > best ? 1 : 0);`,
      `best = isBetter > 0.5 ? ${value} : best;`,
      "at = isBetter > 0.5 ? count : at;",
      "count += 1;",
    ],
    result: "at",
  };
}

/** The second stage: parts lie side by side. */
function overParts(combiner: Combiner, shape: Shape, array: DeviceArray): Reduction {
  const root = new ExpressionGraph().input(0, "float32");
  return {
    combiner,
    shape,
    axes: [1],
    root,
    sources: new Map([[root, { array, strides: stridesOf(shape), offset: 0 }]]),
  };
}
