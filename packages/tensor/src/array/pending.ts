import type { DType, TypedArray } from "./dtype.ts";
import { BackendError } from "./errors.ts";
import type { Shape } from "./shape.ts";
import { type DenseTensor, Tensor } from "./tensor.ts";
import type { TensorType } from "./tensorType.ts";
import { flatten, unflatten } from "./tree.ts";

/**
 * A tensor that a backend is still computing: shape and dtype are known, and values can be read after an await. It may be
 * passed to another compiled function at once.
 */
export class PendingTensor extends Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly weak: boolean;
  /** The values, once they are computed. */
  readonly arrival: Promise<DenseTensor>;
  private arrived: DenseTensor | undefined;
  private readonly backend: string;

  constructor({ shape, dtype, weak }: TensorType, arrival: Promise<DenseTensor>, backend: string) {
    super();
    this.shape = shape;
    this.dtype = dtype;
    this.weak = weak;
    this.backend = backend;
    this.arrival = arrival.then((values) => {
      this.arrived = values;
      return values;
    });
    // A caller that awaits the values gets the failure; an unused result must not end the process.
    this.arrival.catch(() => {});
  }

  override get readable(): boolean {
    return this.arrived !== undefined;
  }

  /** @throws BackendError before the values are computed */
  override concrete(operation: string): DenseTensor {
    if (this.arrived) return this.arrived;
    throw new BackendError(
      `${operation}: the value must be computed, but ${this.backend} is still computing it; ` +
        "await x.data() or await ready(x) first, or pass it to a compiled function as it is",
    );
  }

  override async data(): Promise<TypedArray> {
    return (await this.arrival).data();
  }

  override toString(): string {
    return this.arrived ? this.arrived.toString() : `${super.toString()}, pending: await x.data()`;
  }
}

/**
 * Waits until a backend has computed all values of a tree, and returns the tree.
 *
 * @throws BackendError where the computation failed
 */
export async function ready<T>(tree: T): Promise<T> {
  const { leaves, structure } = flatten(tree, "ready");
  const values = await Promise.all(leaves.map((x) => (x instanceof PendingTensor ? x.arrival : x)));
  return unflatten(structure, values) as T;
}
