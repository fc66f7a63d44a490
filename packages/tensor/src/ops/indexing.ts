import type { DType } from "../array/dtype.ts";
import { DomainError, ShapeError } from "../array/errors.ts";
import { optionsOf } from "../array/mustBe.ts";
import { quote } from "../array/quote.ts";
import { checkShape, formatShape, normalizeAxis } from "../array/shape.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { checkDomain } from "../primitives/elementwise.ts";
import { primitives as p } from "../primitives/index.ts";
import { equal } from "./comparison.ts";
import { cast } from "./conversion.ts";
import { iota } from "./iota.ts";
import { asTensor } from "./operands.ts";
import type { AlongAxisOp } from "./signatures.ts";
import { expandDims, moveAxis, transpose } from "./structural.ts";

/** Options of gather and scatterAdd. */
export interface GatherOptions {
  /** Leading axes that x and indices share; default 0. */
  readonly batchAxes?: number;
}

function batchAxesOf(operation: string, options: GatherOptions): number {
  const { batchAxes = 0 } = optionsOf(operation, options);
  if (Number.isInteger(batchAxes) && batchAxes >= 0) return batchAxes;
  throw new ShapeError(`${operation}: batchAxes must be a whole number ≥ 0, got ${quote(batchAxes)}`);
}

/** Checks indices where their values can be read; a compiled program clamps them instead. */
function checkIndices(operation: string, indices: Tensor, n: number): void {
  checkDomain(operation, "int", asTensor(indices, operation).dtype);
  if (!indices.readable) return;
  const { buffer } = indices.concrete(operation);
  const bad = buffer.findIndex((index) => index < 0 || index >= n);
  if (bad >= 0)
    throw new DomainError(`${operation}: indices must lie in [0, ${n}), got ${buffer[bad]} at position ${bad}`);
}

/**
 * Picks along the first axis after the shared ones: x [...B, n, ...R], indices [...B, ...K] → [...B, ...K, ...R].
 *
 * @throws DomainError for an index outside [0, n) where values can be read; compiled programs clamp
 */
export const gather: (x: TensorLike, indices: Tensor, options?: GatherOptions) => Tensor = (
  x,
  indices,
  options = {},
) => {
  const batchAxes = batchAxesOf("gather", options);
  const value = asTensor(x, "gather");
  if (value.rank <= batchAxes)
    throw new ShapeError(`gather: no axis to pick from after ${batchAxes} of ${formatShape(value.shape)}`);
  checkIndices("gather", indices, value.shape[batchAxes]);
  return bind(p.gather, [value, indices], { batchAxes });
};

/** Adds updates [...B, ...K, ...R] at indices [...B, ...K] of zeros [...B, size, ...R], in index order. */
export const scatterAdd: (updates: TensorLike, indices: Tensor, size: number, options?: GatherOptions) => Tensor = (
  updates,
  indices,
  size,
  options = {},
) => {
  const batchAxes = batchAxesOf("scatterAdd", options);
  checkShape("scatterAdd", [size]);
  checkIndices("scatterAdd", indices, size);
  return bind(p.scatterAdd, [asTensor(updates, "scatterAdd"), indices], { batchAxes, size });
};

/** Picks whole slices along one axis by 1-d or n-d int32 indices, as numpy.take. */
export const take: (x: TensorLike, indices: Tensor, axis?: number) => Tensor = (x, indices, axis = 0) => {
  const value = asTensor(x, "take");
  const at = normalizeAxis("take", axis, value.shape);
  const picked = gather(moveAxis(value, at, 0), indices);
  const axes = picked.shape.map((_, i) => i);
  const k = indices.rank;
  return transpose(picked, [...axes.slice(k, k + at), ...axes.slice(0, k), ...axes.slice(k + at)]);
};

/** The order that sorts along an axis, int32: stable, NaN last. */
export const argsort: AlongAxisOp = (x, axis = -1) => {
  const value = asTensor(x, "argsort");
  return bind(p.argsort, [value], { axis: normalizeAxis("argsort", axis, value.shape) });
};

/** Ascending order along an axis, NaN last: a gather by argsort, so derivatives follow the elements. */
export const sort: AlongAxisOp = (x, axis = -1) => {
  const value = asTensor(x, "sort");
  const at = normalizeAxis("sort", axis, value.shape);
  const last = moveAxis(value, at, -1);
  return moveAxis(gather(last, argsort(last), { batchAxes: last.rank - 1 }), -1, at);
};

/** Ones where the last, new axis equals the index, zeros elsewhere: [...] → [..., size]. */
export const oneHot: (indices: Tensor, size: number, dtype?: DType) => Tensor = (indices, size, dtype = "float64") =>
  cast(equal(expandDims(indices, -1), iota([size])), dtype);
