import { type DenseTensor, type DType, key, type Shape, sizeOf, tensor } from "@pushforward/tensor";
import fc from "fast-check";
import { elementsOf } from "./numbers.ts";
import { type ShapeOptions, shapes } from "./shapes.ts";

/** Options of tensorOf. */
export interface TensorOptions {
  /** Default float64. */
  readonly dtype?: DType;
  /** Default: what the dtype can hold, well scaled. */
  readonly elements?: fc.Arbitrary<number>;
}

/** Lists of exactly `count` values. */
export const listOf = <T>(elements: fc.Arbitrary<T>, count: number): fc.Arbitrary<T[]> =>
  fc.array(elements, { minLength: count, maxLength: count });

/** Tensors of a given shape. */
export function tensorOf(shape: Shape, options: TensorOptions = {}): fc.Arbitrary<DenseTensor> {
  const { dtype = "float64", elements = elementsOf(dtype) } = options;
  return listOf(elements, sizeOf(shape)).map((values) => tensor(values, { dtype, shape }));
}

/** Tensors of any shape: the shape is drawn, and shrinks, first. */
export const tensors = (options: TensorOptions & ShapeOptions = {}): fc.Arbitrary<DenseTensor> =>
  shapes(options).chain((shape) => tensorOf(shape, options));

/** Random keys; shrinking ends at key(0). */
export const randomKeys = (): fc.Arbitrary<DenseTensor> => fc.nat({ max: 2 ** 31 - 1 }).map(key);

/** Elements that differ by at least `gap` and are in random order: no ties, also after small steps. */
export const distinctTensorOf = (shape: Shape, dtype: DType, gap = 0.5): fc.Arbitrary<DenseTensor> => {
  const count = sizeOf(shape);
  const order = fc.shuffledSubarray(
    Array.from({ length: count }, (_, i) => i),
    { minLength: count, maxLength: count },
  );
  const shifts = listOf(fc.integer({ min: 0, max: 255 }), count);
  return fc.tuple(order, shifts).map(([ranks, shift]) => {
    const values = ranks.map((rank, i) =>
      dtype === "int32" ? rank - 5 : (rank - count / 2) * 2 * gap + (shift[i] / 256) * gap,
    );
    return tensor(values, { dtype, shape });
  });
};
