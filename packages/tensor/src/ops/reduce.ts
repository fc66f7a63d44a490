import { optionsOf } from "../array/mustBe.ts";
import { type Axes, normalizeAxes } from "../array/shape.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { checkDomain } from "../primitives/elementwise.ts";
import { primitives as p } from "../primitives/index.ts";
import { asTensor } from "./operands.ts";
import type { ReduceOptions } from "./signatures.ts";
import { reshape } from "./structural.ts";

/** Reduces by a primitive and puts axes of size 1 back where asked. */
export function reduce(
  name: "sum" | "max" | "min",
  x: TensorLike,
  axis: Axes | undefined,
  options: ReduceOptions,
): Tensor {
  const { keepDims = false } = optionsOf(name, options, "keepDims");
  const value = asTensor(x, name);
  const axes = normalizeAxes(name, axis, value.shape);
  const out = axes.length === 0 ? value : bind(p[name], [value], { axes });
  return keepDims
    ? reshape(
        out,
        value.shape.map((n, i) => (axes.includes(i) ? 1 : n)),
      )
    : out;
}

/** A float operand with checked axes, so that errors name the operation that was called. */
export function floatsAlong(name: string, x: TensorLike, axis: Axes | undefined): { value: Tensor; axes: number[] } {
  const value = asTensor(x, name);
  checkDomain(name, "float", value.dtype);
  return { value, axes: normalizeAxes(name, axis, value.shape) };
}

/** Elements that a reduction over these axes combines. */
export const countOf = (x: Tensor, axes: readonly number[]): number => axes.reduce((n, axis) => n * x.shape[axis], 1);
