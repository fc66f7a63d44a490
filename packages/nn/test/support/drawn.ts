import { fromData, type Shape, sizeOf, type Tensor } from "@pushforward/tensor";

/** Numbers in [−scale, scale) by a linear congruential generator: the bits that golden.py draws. */
export function drawn(shape: Shape, seed: number, scale = 1): Tensor {
  let state = (Math.imul(seed, 2654435761) + 1) >>> 0;
  const values = Float64Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * scale;
  });
  return fromData(values, shape, "float64");
}
