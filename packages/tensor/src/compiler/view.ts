import type { DType } from "../array/dtype.ts";
import { denseLayout, type Layout } from "../array/layout.ts";
import type { Shape } from "../array/shape.ts";

/** A place in memory that holds one value of a program, row-major, or its constants or inputs. */
export interface Buffer {
  readonly id: number;
  readonly dtype: DType;
  /** Elements. */
  readonly size: number;
}

/** Elements of a buffer seen as an array. */
export interface View extends Layout {
  readonly buffer: Buffer;
}

/** The whole buffer in row-major order. */
export const wholeView = (buffer: Buffer, shape: Shape): View => ({ buffer, ...denseLayout(shape) });

/** Iteration over a shape with several views, with neighbouring axes merged wherever all views allow it. */
export interface Iteration {
  readonly shape: number[];
  /** Strides of each view along the merged axes. */
  readonly strides: number[][];
}

/** Merges axes so that the fewest loops remain; a scalar iterates once over one axis of size 1. */
export function collapse(shape: Shape, views: readonly (readonly number[])[]): Iteration {
  const merged: number[] = [];
  const strides: number[][] = views.map(() => []);
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = merged.length - 1;
    const joins = last >= 0 && views.every((own, i) => strides[i][last] === own[axis] * size);
    if (joins) merged[last] *= size;
    else merged.push(size);
    views.forEach((own, i) => {
      if (joins) strides[i][last] = own[axis];
      else strides[i].push(own[axis]);
    });
  });
  if (merged.length > 0) return { shape: merged, strides };
  return { shape: [1], strides: views.map(() => [0]) };
}
