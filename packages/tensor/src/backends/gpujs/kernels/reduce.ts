import { type Shape, sizeOf, stridesOf } from "../../../array/shape.ts";
import type { ReduceKernel } from "../../../compiler/plan.ts";
import { collapse } from "../../../compiler/view.ts";
import { ExpressionGraph, type GpuText, type Node } from "../../../expression/index.ts";
import { type KernelText, kernelText, type MatrixProduct } from "../kernelText.ts";
import type { DeviceArray, Lowering } from "../lowering.ts";
import { threadsOf } from "../threads.ts";
import { blockedSum, indexLoops, type Loop, longestRun } from "./blockedSum.ts";
import { arraysRead, type Reading, readingsOf, type Sources, valueAt } from "./sources.ts";

/** How elements are combined. */
type Combiner = ReduceKernel["combiner"];

/** An expression over a shape, combined along some axes. */
export interface Reduction {
  readonly combiner: Combiner;
  readonly shape: Shape;
  readonly axes: readonly number[];
  readonly root: Node;
  readonly sources: Sources;
  /** The matrix product that a kernel of a single stage computes. */
  readonly product?: MatrixProduct;
  /** A function of each result, computed in the same launch; needs a single stage. */
  readonly finish?: Finish;
}

/** An expression over the results of a reduction, and over others of their shape. */
export interface Finish {
  readonly root: Node;
  /** The result itself, in it. */
  readonly total: Node;
  readonly readings: readonly Reading[];
}

/** Fewer results than this leave a GPU idle: long sums are cut into parts then. */
const manyResults = 4096;
/** Most elements that one thread combines without a second stage. */
const shortLoop = 256;

/** Whether a reduction with this number of results, and elements for each, always takes a single launch. */
export const isOneStage = (results: number, elements: number): boolean =>
  elements <= shortLoop || results >= manyResults;

/** One launch, or two where few threads would combine many elements: first parts, then the parts. */
export function launchReduction(lowering: Lowering, reduction: Reduction): DeviceArray {
  const { shape, axes, combiner, root, sources, finish } = reduction;
  const readings = readingsOf(root, sources);
  const finished = finish?.readings ?? [];
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const along = (some: readonly number[], more: readonly (readonly number[])[] = []) =>
    collapse(
      some.map((axis) => shape[axis]),
      [...readings.map(({ source }) => some.map((axis) => source.strides[axis])), ...more],
    );
  const beside = finished.map(({ source }) => source.strides);
  const loops: Loops = { kept: along(kept, beside), reduced: along(axes), root, readings, combiner, finish };
  const total = sizeOf(loops.reduced.shape);
  if (sizeOf(loops.kept.shape) === 0) return lowering.number(0);
  if (total === 0) return lowering.launch(kernelText(0, ["return 0;"], threadsOf(loops.kept.shape).output), []);
  const parts = combiner === "argmax" || finish ? undefined : partsOf(loops);
  if (!parts) {
    const kernel = { ...reduceKernel(loops), product: finish ? undefined : reduction.product };
    return lowering.launch(kernel, arraysRead([...readings, ...finished]));
  }
  const partial = lowering.launch(reduceKernel({ ...loops, parts }), arraysRead(readings));
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
  readonly finish?: Finish;
}

/** One reduced axis in `count` parts of `length` elements; the last one may be shorter. */
interface Parts {
  readonly axis: number;
  readonly length: number;
  readonly count: number;
}

function partsOf({ kept, reduced }: Loops): Parts | undefined {
  const total = sizeOf(reduced.shape);
  if (isOneStage(sizeOf(kept.shape), total)) return undefined;
  const axis = reduced.shape.indexOf(Math.max(...reduced.shape));
  const size = reduced.shape[axis];
  // Both stages take about the same time when they combine about √total elements each.
  const length = Math.max(1, Math.floor((size * Math.ceil(Math.sqrt(total))) / total));
  const count = Math.ceil(size / length);
  return count > 1 && count < total ? { axis, length, count } : undefined;
}

function reduceKernel(loops: Loops): KernelText {
  const { kept, reduced, root, readings, combiner, parts, finish } = loops;
  const threads = threadsOf(parts ? [...kept.shape, parts.count] : kept.shape);
  const axes = axesOf(loops, parts && threads.coordinates[kept.shape.length]);
  const operands = arraysRead([...readings, ...(finish?.readings ?? [])]);
  const value = valueAt(
    root,
    readings,
    readings.map((_, i) => [...kept.strides[i], ...reduced.strides[i]]),
    [...threads.coordinates.slice(0, kept.shape.length), ...axes.map(({ place }) => place)],
    { operands },
  );
  const nested = axes.flatMap((axis) => axis.loops);
  const combined = combine[combiner](value.result, `${nested.map(({ counter }) => counter).join(" + ")} === 0`);
  const body = bodyOf(loops, axes, value, combined.step);
  const known = finish && ([[finish.total, combined.result]] as const);
  const end = finish
    ? valueAt(finish.root, finish.readings, kept.strides.slice(readings.length), threads.coordinates, {
        ...{ operands, known, letter: "r" },
      })
    : { lines: [], result: combined.result, functions: [] };
  const lines = [...combined.start, ...body, ...end.lines, `return ${end.result};`];
  const functions = [...threads.functions, ...value.functions, ...end.functions];
  return kernelText(operands.length, lines, threads.output, functions);
}

/** A reduced axis: loops over it, where they are, and what must hold for an element to be there. */
interface ReducedAxis {
  readonly loops: readonly Loop[];
  readonly place: string;
  readonly guards: readonly string[];
}

/** @param part the coordinate of a part, if an axis is in parts */
function axesOf({ reduced, combiner, parts }: Loops, part: string | undefined): ReducedAxis[] {
  const longest = combiner === "sum" ? longestRun : Number.POSITIVE_INFINITY;
  return reduced.shape.map((size, axis) => {
    const own = parts?.axis === axis ? parts : undefined;
    const { loops, index, isCut } = indexLoops(`k${axis}`, own?.length ?? size, longest);
    const place = own ? `(${part} * ${own.length} + ${index})` : index;
    const guards = isCut ? [`${index} < ${own?.length ?? size}`] : [];
    // The last part may be shorter.
    if (own && size % own.length !== 0) guards.push(`${place} < ${size}`);
    return { loops, place, guards };
  });
}

/** The loops, with the statements that combine a value in the innermost. */
function bodyOf(
  { combiner }: Loops,
  axes: readonly ReducedAxis[],
  { lines, result }: GpuText,
  step: readonly string[],
): string[] {
  const loops = axes.flatMap((axis) => axis.loops);
  const guards = axes.flatMap((axis) => axis.guards);
  const guarded = (last: readonly string[]): string[] => [
    ...guards.map((guard) => `if (${guard}) {`),
    ...lines,
    ...last,
    ...guards.map(() => "}"),
  ];
  if (combiner === "sum") return blockedSum(loops, (total) => guarded([`${total} += ${result};`]));
  const open = loops.map(({ counter, end }) => `for (let ${counter} = 0; ${counter} < ${end}; ${counter}++) {`);
  return [...open, ...guarded(step), ...open.map(() => "}")];
}

/** Statements before and inside the loops, and the result. */
interface Combining {
  readonly start: readonly string[];
  readonly step: readonly string[];
  readonly result: string;
}

const extremum =
  (name: "max" | "min") =>
  (value: string, isFirst: string): Combining => ({
    start: ["let best = 0;"],
    step: [`best = ${isFirst} ? ${value} : Math.${name}(best, ${value});`],
    result: "best",
  });

const combine: Readonly<Record<Combiner, (value: string, isFirst: string) => Combining>> = {
  // The statements of a sum stand in `blockedSum`.
  sum: () => ({ start: [], step: [], result: "total" }),
  max: extremum("max"),
  min: extremum("min"),
  argmax: (value, isFirst) => ({
    start: ["let best = 0;", "let at = 0;", "let count = 0;"],
    step: [
      `const isBetter = ${isFirst} ? 1 : (${value} > best ? 1 : 0);`,
      `best = isBetter > 0.5 ? ${value} : best;`,
      "at = isBetter > 0.5 ? count : at;",
      "count += 1;",
    ],
    result: "at",
  }),
};

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
