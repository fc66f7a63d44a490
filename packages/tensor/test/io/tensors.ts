import fc from "fast-check";
import { expect } from "vitest";
import { allocate, type DType, dtypes } from "../../src/array/dtype.ts";
import { DomainError } from "../../src/array/errors.ts";
import { sizeOf } from "../../src/array/shape.ts";
import { fromData, type Tensor } from "../../src/array/tensor.ts";

const elementOf: Record<DType, fc.Arbitrary<number>> = {
  float64: fc.double(),
  float32: fc.float(),
  int32: fc.integer(),
  bool: fc.nat(1),
};

/** Tensors of every dtype, rank 0 to 3, with empty and size-1 axes, infinities, NaN, ±0 and subnormal numbers. */
export const anyTensor: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(3), { maxLength: 3 }))
  .chain(([dtype, shape]) => {
    const size = sizeOf(shape);
    return fc.array(elementOf[dtype], { minLength: size, maxLength: size }).map((values) => {
      const data = allocate(dtype, size);
      data.set(values);
      return fromData(data, shape, dtype);
    });
  });

/** Same dtype, shape and values, −0 and NaN included. */
export function expectSame(got: Tensor, expected: Tensor): void {
  expect(got.dtype).toBe(expected.dtype);
  expect(got.shape).toEqual(expected.shape);
  expect(got.dataSync()).toEqual(expected.dataSync());
}

/** Whatever f reads, it may refuse it only with a DomainError. */
export function onlyDomainErrors(f: () => unknown): void {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
  }
}
