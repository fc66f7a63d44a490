import { DenseTensor, isFloat, type Tensor, type TensorLike, tensor } from "@pushforward/tensor";

/**
 * An instantaneous velocity v(x, t): x [batch, dim], t scalar or [batch, 1] → [batch, dim], data units per unit of time.
 * Times run from noise (t = 0) to data (t = 1).
 */
export type VelocityField = (x: Tensor, t: Tensor) => Tensor;

/** A flow map Φ(x, s, t): moves x [batch, dim] from time s to time t (scalars or [batch, 1]), in either direction. */
export type FlowMap = (x: Tensor, s: Tensor, t: Tensor) => Tensor;

/** An average velocity u(x, s, t) "from s to t": Φ(x, s, t) = x + (t − s)·u(x, s, t). */
export type AverageVelocity = (x: Tensor, s: Tensor, t: Tensor) => Tensor;

/** A velocity field that also accepts times as plain numbers. */
export type TimeField = (x: Tensor, t: TensorLike) => Tensor;

/** A flow map or average velocity that also accepts times as plain numbers. */
export type TimePairField = (x: Tensor, s: TensorLike, t: TensorLike) => Tensor;

/** A flow known in closed form: its velocity, its map, and its average velocity, which is also exact at s = t. */
export interface ExactFlow {
  /** Number of coordinates. */
  readonly dim: number;
  /** v(x, t), [batch, dim] */
  readonly velocity: TimeField;
  /** Φ(x, s, t), [batch, dim] */
  readonly flowMap: TimePairField;
  /** u(x, s, t), [batch, dim]; u(x, t, t) = v(x, t) */
  readonly averageVelocity: TimePairField;
}

/** A time as a tensor of x's dtype; a tensor is returned as it is. */
export function asTime(t: TensorLike, x: Tensor): Tensor {
  if (typeof t === "boolean") return asTime(Number(t), x);
  return typeof t === "number" ? tensor(t, { dtype: isFloat(x.dtype) ? x.dtype : "float64" }) : t;
}

/** Plain numbers as a constant tensor in the dtype of another tensor; there is one tensor per dtype, made at its first use. */
export function constant(values: ArrayLike<number>, shape: readonly number[]): (like: Tensor) => DenseTensor {
  const made = new Map<string, DenseTensor>();
  return ({ dtype }) => {
    const known = made.get(dtype);
    if (known) return known;
    const data = dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);
    const fresh = new DenseTensor(data, shape, dtype === "float32" ? "float32" : "float64");
    made.set(dtype, fresh);
    return fresh;
  };
}
