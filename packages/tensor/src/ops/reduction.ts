import { mustBe, optionsOf } from "../array/mustBe.ts";
import { type Axes, normalizeAxes, normalizeAxis } from "../array/shape.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { checkDomain } from "../primitives/elementwise.ts";
import { primitives as p } from "../primitives/index.ts";
import { add, div, mul, neg, square, sub } from "./arithmetic.ts";
import { equal, isFinite, not, notEqual, where } from "./comparison.ts";
import { bitXor, cast } from "./conversion.ts";
import { concat } from "./joining.ts";
import { asTensor, broadcast, promote } from "./operands.ts";
import { countOf, floatsAlong, reduce } from "./reduce.ts";
import { factorOfLarge, rootOfSquares, withoutFactor } from "./rootOfSquares.ts";
import type { AlongAxisOp, ReduceOp, ReduceOptions } from "./signatures.ts";
import { reshape, slice } from "./structural.ts";
import { exp, log1p } from "./transcendental.ts";

/** Σ over some axes, all by default; over no axes it returns its input. */
export const sum: ReduceOp = (x, axis, options = {}) => reduce("sum", x, axis, options);

/** The largest over some axes, `any` of bools; ties share a derivative equally. */
export const max: ReduceOp = (x, axis, options = {}) => extremum("max", x, axis, options);

/** The smallest over some axes, `all` of bools; ties share a derivative equally. */
export const min: ReduceOp = (x, axis, options = {}) => extremum("min", x, axis, options);

/** Bools are compared as 0 and 1. */
function extremum(name: "max" | "min", x: TensorLike, axis: Axes | undefined, options: ReduceOptions): Tensor {
  const value = asTensor(x, name);
  return value.dtype === "bool"
    ? cast(reduce(name, cast(value, "int32"), axis, options), "bool")
    : reduce(name, value, axis, options);
}

/** Arithmetic mean; NaN over no elements. As in NumPy the sum must be in range: of float32 [3e38, 3e38] it is ∞. */
export const mean: ReduceOp = (x, axis, options = {}) => {
  const { value, axes } = floatsAlong("mean", x, axis);
  return div(sum(value, axes, options), countOf(value, axes));
};

/** Options of variance and std. */
export interface VarianceOptions extends ReduceOptions {
  /** Divide by n − ddof; default 0. */
  readonly ddof?: number;
}

/** Mean squared deviation: Σ(x − x̄)²/(n − ddof). The sum of the squares must be in range; std takes its root before. */
export const variance: (x: TensorLike, axis?: Axes, options?: VarianceOptions) => Tensor = (x, axis, options = {}) => {
  const { ddof = 0, ...reduceOptions } = optionsOf("variance", options);
  mustBe("variance", "ddof", ddof, "number");
  const { value, axes } = floatsAlong("variance", x, axis);
  const deviation = sub(value, mean(value, axes, { keepDims: true }));
  return div(sum(square(deviation), axes, reduceOptions), countOf(value, axes) - ddof);
};

/** Square root of the variance, which itself may leave the range; first derivative 0 and second NaN where all are equal. */
export const std: (x: TensorLike, axis?: Axes, options?: VarianceOptions) => Tensor = (x, axis, options = {}) => {
  const { ddof = 0, ...reduceOptions } = optionsOf("std", options);
  mustBe("std", "ddof", ddof, "number");
  const { value, axes } = floatsAlong("std", x, axis);
  const factor = factorOfLarge(value, axes);
  const scaled = mul(value, factor);
  const deviation = sub(scaled, mean(scaled, axes, { keepDims: true }));
  return withoutFactor(rootOfSquares(deviation, axes, countOf(value, axes) - ddof, reduceOptions), factor);
};

/**
 * Product along some axes, all by default, as a halving tree of mul: derivatives follow at zeros, to any order. The products of all
 * parts of the tree must be in range.
 */
export const prod: ReduceOp = (x, axis, options = {}) => {
  const { keepDims = false } = optionsOf("prod", options, "keepDims");
  const value = asTensor(x, "prod");
  checkDomain("prod", "number", value.dtype);
  const axes = normalizeAxes("prod", axis, value.shape);
  let out = value;
  for (const i of [...axes].reverse()) out = prodAlong(out, i);
  return keepDims
    ? reshape(
        out,
        value.shape.map((n, i) => (axes.includes(i) ? 1 : n)),
      )
    : out;
};

function prodAlong(x: Tensor, axis: number): Tensor {
  const cut = (value: Tensor, start: number, stop: number): Tensor =>
    slice(value, ...new Array<null>(axis).fill(null), [start, stop]);
  let value = x;
  for (let n = x.shape[axis]; n > 1; n = Math.ceil(n / 2)) {
    const half = Math.floor(n / 2);
    const pairs = mul(cut(value, 0, half), cut(value, half, 2 * half));
    value = n % 2 === 0 ? pairs : concat([pairs, cut(value, n - 1, n)], axis);
  }
  const shape = x.shape.filter((_, i) => i !== axis);
  return x.shape[axis] === 0 ? broadcast(promote("prod", [1, x])[0], shape) : reshape(value, shape);
}

/** Index of the largest along an axis, int32: the first of equals. */
export const argmax: AlongAxisOp = (x, axis = -1) => {
  const value = asTensor(x, "argmax");
  return bind(p.argmax, [value], { axis: normalizeAxis("argmax", axis, value.shape) });
};

/** Index of the smallest along an axis, int32: the first of equals. */
export const argmin: AlongAxisOp = (x, axis = -1) => {
  const value = asTensor(x, "argmin");
  return argmax(reversed(value), normalizeAxis("argmin", axis, value.shape));
};

/** A decreasing function of the elements; for int32 −1 − x, since −x overflows at −2³¹. */
const reversed = (x: Tensor): Tensor => (x.dtype === "bool" ? not(x) : x.dtype === "int32" ? bitXor(x, -1) : neg(x));

/** Running sums along an axis. */
export const cumsum: (x: TensorLike, axis?: number, options?: { readonly reverse?: boolean }) => Tensor = (
  x,
  axis = -1,
  options = {},
) => {
  const { reverse = false } = optionsOf("cumsum", options, "reverse");
  const value = asTensor(x, "cumsum");
  return bind(p.cumsum, [value], { axis: normalizeAxis("cumsum", axis, value.shape), reverse });
};

/** Whether any element differs from 0; false over no elements. */
export const any: ReduceOp = (x, axis, options) => {
  const value = asTensor(x, "any");
  const count = sum(cast(cast(value, "bool"), "int32"), normalizeAxes("any", axis, value.shape), options);
  return notEqual(count, 0);
};

/** Whether all elements differ from 0; true over no elements. */
export const all: ReduceOp = (x, axis, options) => {
  const value = asTensor(x, "all");
  return not(any(not(cast(value, "bool")), normalizeAxes("all", axis, value.shape), options));
};

/** Σ x² over the last axis (default): ‖x‖² of every sample, [..., d] → [...]. */
export const squaredNorm: ReduceOp = (x, axis = -1, options = {}) => {
  const { value, axes } = floatsAlong("squaredNorm", x, axis);
  return sum(square(value), axes, options);
};

/** √Σ x² over the last axis (default), in range wherever the root is; at 0 first derivative 0, second NaN: squaredNorm has 2I. */
export const norm: ReduceOp = (x, axis = -1, options = {}) => {
  const { value, axes } = floatsAlong("norm", x, axis);
  return rootOfSquares(value, axes, 1, options);
};

/**
 * log Σ eˣ without overflow: the largest element m is factored out.
 *
 *   m + log1p(Σ e^{x − m} − 1),   m = max x (0 where that is infinite); −∞ over no elements
 */
export const logSumExp: ReduceOp = (x, axis, options = {}) => {
  const { keepDims = false } = optionsOf("logSumExp", options, "keepDims");
  const { value, axes } = floatsAlong("logSumExp", x, axis);
  const shift = maxShift(value, axes);
  const summed = add(log1p(sumBesideOne(sub(value, shift), axes)), shift);
  return keepDims
    ? summed
    : reshape(
        summed,
        value.shape.filter((_, i) => !axes.includes(i)),
      );
};

/** Σ eˣ − 1 for x ≤ 0: elements with eˣ = 1 are counted separately, so that small terms keep all their digits. */
function sumBesideOne(x: Tensor, axes: readonly number[]): Tensor {
  const weights = exp(x);
  const isOne = equal(x, 0);
  const ones = sum(where(isOne, weights, 0), axes, { keepDims: true });
  return add(sum(where(isOne, 0, weights), axes, { keepDims: true }), sub(ones, 1));
}

/**
 * The largest element, 0 where it is infinite or there is none. The result of logSumExp does not depend on it, but derivatives pass
 * through it: the derivative by the largest element is then computed from the other elements, and not as 1 − 1 where its weight rounds
 * to 1.
 */
function maxShift(x: Tensor, axes: readonly number[]): TensorLike {
  if (countOf(x, axes) === 0) return 0;
  const largest = max(x, axes, { keepDims: true });
  return where(isFinite(largest), largest, 0);
}

/** eˣ/Σ eˣ along an axis. */
export const softmax: AlongAxisOp = (x, axis = -1) => {
  const { value, axes } = floatsAlong("softmax", x, axis);
  const weights = exp(sub(value, maxShift(value, axes)));
  return div(weights, sum(weights, axes, { keepDims: true }));
};

/** x − log Σ eˣ along an axis; the largest element is subtracted first, so that large elements do not cancel. */
export const logSoftmax: AlongAxisOp = (x, axis = -1) => {
  const { value, axes } = floatsAlong("logSoftmax", x, axis);
  const shifted = sub(value, maxShift(value, axes));
  return sub(shifted, log1p(sumBesideOne(shifted, axes)));
};
