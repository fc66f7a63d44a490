import type { ConvOptions, DenseTensor } from "@pushforward/tensor";
import fc from "fast-check";
import { scaled } from "./numbers.ts";
import { tensorOf } from "./tensors.ts";

/** A number of 1 to max, now and then 0. */
export const seldomZero = (max: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max }) }, { weight: 1, arbitrary: fc.constant(0) });

/** Two numbers from min to max. */
export const pairOf = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Operands and options of `conv`. */
export interface Convolution {
  readonly x: DenseTensor;
  readonly kernel: DenseTensor;
  readonly options: ConvOptions;
}

const settings = fc.record({
  n: seldomZero(2),
  sides: fc.tuple(seldomZero(7), seldomZero(5)),
  ...{ c: seldomZero(3), o: seldomZero(3) },
  kernel: fc.oneof(fc.constantFrom<"picture" | "place">("picture", "place"), pairOf(1, 4)),
  ...{ stride: pairOf(1, 3), dilation: pairOf(1, 3) },
  padding: fc.oneof(fc.constantFrom<"same" | "valid">("same", "valid"), fc.tuple(pairOf(-1, 4), pairOf(-1, 4))),
});

/** Pictures and kernels that fit, with every option: also kernels of one place and of the size of the picture, and empty operands. */
export const convolutions = (): fc.Arbitrary<Convolution> =>
  settings
    .map(({ n, sides, c, o, kernel: drawn, stride, dilation, padding }) => {
      const kernel = drawn === "place" ? [1, 1] : drawn === "picture" ? sides.map((n) => Math.max(1, n)) : drawn;
      return {
        sides,
        kernel,
        shapes: [
          [n, ...sides, c],
          [...kernel, c, o],
        ],
        options: { stride, dilation, padding },
      };
    })
    .filter(({ sides, kernel, options: { padding, dilation } }) =>
      sides.every((side, axis) => {
        if (padding === "same") return true;
        const [before, after] = padding === "valid" ? [0, 0] : padding[axis];
        return side + before + after >= (kernel[axis] - 1) * dilation[axis] + 1;
      }),
    )
    .chain(({ shapes: [x, kernel], options }) =>
      fc.record({
        x: tensorOf(x, { elements: scaled() }),
        kernel: tensorOf(kernel, { elements: scaled() }),
        options: fc.constant(options),
      }),
    );
