import type { Axes, Shape } from "../array/shape.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";

/** A function of one tensor. */
export type UnaryOp = (x: TensorLike) => Tensor;

/** A function of two tensors that broadcast. */
export type BinaryOp = (x: TensorLike, y: TensorLike) => Tensor;

/** Options of reductions. */
export interface ReduceOptions {
  /** Keep reduced axes with size 1; default false. */
  readonly keepDims?: boolean;
}

/** Reduces over one axis, several, or all of them (the default). */
export type ReduceOp = (x: TensorLike, axis?: Axes, options?: ReduceOptions) => Tensor;

/** Acts along one axis, the last by default. */
export type AlongAxisOp = (x: TensorLike, axis?: number) => Tensor;

/** Changes the shape. */
export type ShapeOp = (x: TensorLike, shape: Shape) => Tensor;
