import { allocate } from "../array/dtype.ts";
import { ShapeError } from "../array/errors.ts";
import { mustBe } from "../array/mustBe.ts";
import {
  type Axes,
  checkShape,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  type Shape,
  sameShape,
} from "../array/shape.ts";
import { DenseTensor, type Tensor, type TensorLike } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { primitives as p } from "../primitives/index.ts";
import { asTensor, broadcast } from "./operands.ts";
import type { ShapeOp, UnaryOp } from "./signatures.ts";

/** Repeats along new leading axes and axes of size 1. */
export const broadcastTo: ShapeOp = (x, shape) =>
  broadcast(asTensor(x, "broadcastTo"), checkShape("broadcastTo", shape));

/** The same elements in row-major order; one size may be −1. */
export const reshape: ShapeOp = (x, shape) => {
  const value = asTensor(x, "reshape");
  if (!Array.isArray(shape)) checkShape("reshape", shape);
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const wildcards = shape.filter((n) => n === -1).length;
  if (wildcards > 1 || (wildcards === 1 && (known === 0 || value.size % known !== 0))) {
    throw new ShapeError(`reshape: cannot infer −1 in ${formatShape(shape)} from ${formatShape(value.shape)}`);
  }
  const target = checkShape(
    "reshape",
    shape.map((n) => (n === -1 ? value.size / known : n)),
  );
  return sameShape(value.shape, target) ? value : bind(p.reshape, [value], { shape: target });
};

/** All elements along one axis. */
export const ravel: UnaryOp = (x) => reshape(x, [-1]);

/** Permutes the axes; without a permutation it reverses them. */
export const transpose: (x: TensorLike, permutation?: readonly number[]) => Tensor = (x, permutation) => {
  const value = asTensor(x, "transpose");
  if (permutation !== undefined && permutation !== null) mustBe("transpose", "the permutation", permutation, "list");
  const order = (permutation ?? value.shape.map((_, axis) => value.rank - 1 - axis)).map((axis) =>
    normalizeAxis("transpose", axis, value.shape),
  );
  return order.every((axis, i) => axis === i) && order.length === value.rank
    ? value
    : bind(p.transpose, [value], { permutation: order });
};

/** Exchanges two axes. */
export const swapAxes: (x: TensorLike, a: number, b: number) => Tensor = (x, a, b) => {
  const value = asTensor(x, "swapAxes");
  const [first, second] = [a, b].map((axis) => normalizeAxis("swapAxes", axis, value.shape));
  return transpose(
    value,
    value.shape.map((_, axis) => (axis === first ? second : axis === second ? first : axis)),
  );
};

/** Moves one axis to another place, the others keeping their order. */
export const moveAxis: (x: TensorLike, from: number, to: number) => Tensor = (x, from, to) => {
  const value = asTensor(x, "moveAxis");
  const [source, target] = [from, to].map((axis) => normalizeAxis("moveAxis", axis, value.shape));
  const order = value.shape.map((_, axis) => axis).filter((axis) => axis !== source);
  order.splice(target, 0, source);
  return transpose(value, order);
};

/** Inserts an axis of size 1, which has index `axis` in the result. */
export const expandDims: (x: TensorLike, axis: number) => Tensor = (x, axis) => {
  const value = asTensor(x, "expandDims");
  const at = normalizeAxis("expandDims", axis, [...value.shape, 1]);
  return reshape(value, [...value.shape.slice(0, at), 1, ...value.shape.slice(at)]);
};

/** Removes axes of size 1: the given ones, or all. */
export const squeeze: (x: TensorLike, axis?: Axes) => Tensor = (x, axis) => {
  const value = asTensor(x, "squeeze");
  const axes = axis === undefined || axis === null ? undefined : normalizeAxes("squeeze", axis, value.shape);
  const bad = axes?.find((i) => value.shape[i] !== 1);
  if (bad !== undefined) throw new ShapeError(`squeeze: axis ${bad} of ${formatShape(value.shape)} must have size 1`);
  return reshape(
    value,
    value.shape.filter((n, i) => (axes ? !axes.includes(i) : n !== 1)),
  );
};

/** Reverses the order along the given axes, all by default. */
export const flip: (x: TensorLike, axis?: Axes) => Tensor = (x, axis) => {
  const value = asTensor(x, "flip");
  return bind(p.flip, [value], { axes: normalizeAxes("flip", axis, value.shape) });
};

/** The part to take of one axis: an index (the axis disappears), [start, stop, step] (null: the default), or null for all of it. */
export type Range = number | readonly [start?: number | null, stop?: number | null, step?: number] | null;

/**
 * A regular part, axis by axis; negative numbers count from the end, ranges are cut to the axis as in NumPy.
 *
 * @throws ShapeError for an index out of range or a step below 1 (use flip)
 */
export const slice: (x: TensorLike, ...ranges: Range[]) => Tensor = (x, ...ranges) => {
  const value = asTensor(x, "slice");
  if (ranges.length > value.rank)
    throw new ShapeError(
      `slice: needs at most one range per axis, got ${ranges.length} for ${formatShape(value.shape)}`,
    );
  const bounds = value.shape.map((n, axis) => boundsOf(ranges[axis] ?? null, n, axis, value.shape));
  const part = bind(p.slice, [value], {
    start: bounds.map((b) => b[0]),
    stop: bounds.map((b) => b[1]),
    step: bounds.map((b) => b[2]),
  });
  const dropped = ranges.flatMap((range, axis) => (typeof range === "number" ? [axis] : []));
  return dropped.length === 0 ? part : squeeze(part, dropped);
};

function boundsOf(range: Range, n: number, axis: number, shape: Shape): [number, number, number] {
  if (typeof range === "number") {
    const index = range < 0 ? range + n : range;
    if (!Number.isInteger(index) || index < 0 || index >= n) {
      throw new ShapeError(`slice: index ${range} is out of range at axis ${axis} of ${formatShape(shape)}`);
    }
    return [index, index + 1, 1];
  }
  if (range !== null) mustBe("slice", "a range that is no number", range, "list");
  const [start, stop, step = 1] = range ?? [];
  if (!Number.isInteger(step) || step < 1)
    throw new ShapeError(`slice: step must be a whole number ≥ 1, got ${step}; use flip to reverse`);
  const odd = [start, stop].find((index) => index !== null && index !== undefined && !Number.isInteger(index));
  if (odd !== undefined) throw new ShapeError(`slice: bounds must be whole numbers, got ${odd} at axis ${axis}`);
  const limit = (index: number): number => Math.min(n, Math.max(0, index < 0 ? index + n : index));
  const low = limit(start ?? 0);
  return [low, Math.max(low, limit(stop ?? n)), step];
}

/** Cuts an axis into equal parts (a count) or parts of the given sizes. */
export const split: (x: TensorLike, parts: number | readonly number[], axis?: number) => Tensor[] = (
  x,
  parts,
  axis = 0,
) => {
  const value = asTensor(x, "split");
  const at = normalizeAxis("split", axis, value.shape);
  const n = value.shape[at];
  if (typeof parts !== "number") mustBe("split", "parts that are no number", parts, "list");
  const sizes = typeof parts === "number" ? equalParts(n, parts) : parts;
  if (sizes.some((size) => !Number.isInteger(size) || size < 0) || sizes.reduce((a, b) => a + b, 0) !== n) {
    throw new ShapeError(
      `split: parts must be whole and add up to ${n} at axis ${at} of ${formatShape(value.shape)}, got ${typeof parts === "number" ? `${parts} parts` : formatShape(parts)}`,
    );
  }
  let start = 0;
  return sizes.map((size) => {
    const range: Range = [start, start + size];
    start += size;
    return slice(value, ...new Array<Range>(at).fill(null), range);
  });
};

const equalParts = (n: number, count: number): number[] =>
  Number.isInteger(count) && count > 0 ? new Array<number>(count).fill(n / count) : [NaN];

/** Zeros around the elements: [before, after] for every axis. */
export const pad: (x: TensorLike, widths: readonly (readonly [number, number])[]) => Tensor = (x, widths) => {
  const value = asTensor(x, "pad");
  mustBe("pad", "the widths", widths, "list");
  for (const width of widths) mustBe("pad", "a width", width, "list");
  return bind(p.pad, [value], {
    low: widths.map((w) => w[0]),
    high: widths.map((w) => w[1]),
    interior: widths.map(() => 0),
  });
};

/** Repeats the whole tensor `count` times along an axis. */
export const tile: (x: TensorLike, count: number, axis?: number) => Tensor = (x, count, axis = 0) => {
  const value = asTensor(x, "tile");
  const at = normalizeAxis("tile", axis, value.shape);
  checkShape("tile", [count]);
  const repeated = broadcast(expandDims(value, at), [...value.shape.slice(0, at), count, ...value.shape.slice(at)]);
  return reshape(
    repeated,
    value.shape.map((n, i) => (i === at ? n * count : n)),
  );
};

/** Keeps elements on and below the k-th diagonal of the last two axes. */
export const tril: (x: TensorLike, k?: number) => Tensor = (x, k = 0) =>
  triangle("tril", asTensor(x, "tril"), k, (offset) => offset <= k);

/** Keeps elements on and above the k-th diagonal of the last two axes. */
export const triu: (x: TensorLike, k?: number) => Tensor = (x, k = 0) =>
  triangle("triu", asTensor(x, "triu"), k, (offset) => offset >= k);

/** Keeps the elements whose offset, column − row, passes. */
function triangle(operation: string, x: Tensor, k: number, keep: (offset: number) => boolean): Tensor {
  mustBe(operation, "k", k, "number");
  if (x.rank < 2) throw new ShapeError(`${operation}: needs at least two axes, got ${formatShape(x.shape)}`);
  const [n, m] = x.shape.slice(-2);
  const mask = new Uint8Array(n * m).map((_, i) => Number(keep((i % m) - Math.floor(i / m))));
  const masked = new DenseTensor(mask, [n, m], "bool");
  const zero = new DenseTensor(allocate(x.dtype, 1), [], x.dtype);
  return bind(p.where, [broadcast(masked, x.shape), x, broadcast(zero, x.shape)], {});
}
