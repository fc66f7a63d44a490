import type { PrimitiveName } from "@pushforward/tensor";
import fc from "fast-check";
import { pairOf, seldomZero } from "../arbitraries/convolutions.ts";
import { axisSizes, shapes } from "../arbitraries/shapes.ts";
import { type CaseFamily, floats, numbers } from "./primitiveCase.ts";
import { drawn } from "./structural.ts";

/** Small pictures and kernels, of which the kernel may be larger. */
const convSizes = fc.record({
  batch: shapes({ maxRank: 1, maxSize: 2 }),
  picture: fc.tuple(seldomZero(2), seldomZero(4), seldomZero(4), seldomZero(2)),
  kernel: pairOf(1, 3),
  channels: seldomZero(2),
  params: fc.record({
    ...{ stride: pairOf(1, 3), dilation: pairOf(1, 2), inputDilation: pairOf(1, 2) },
    ...{ low: pairOf(-1, 3), size: fc.tuple(seldomZero(4), seldomZero(4)) },
  }),
});

export const contractionCases = {
  matmul: {
    dtypes: numbers,
    smoothIn: [0, 1],
    cases: (options) =>
      fc
        .tuple(shapes({ maxRank: 1, maxSize: 3 }), fc.tuple(axisSizes(), axisSizes(), axisSizes()))
        .chain(([batch, [m, k, n]]) =>
          fc
            .tuple(drawn([...batch, m, k], options), drawn([...batch, k, n], options))
            .map((operands) => ({ operands, params: {} })),
        ),
  },
  conv: {
    dtypes: floats,
    smoothIn: [0, 1],
    cases: (options) =>
      convSizes.chain(({ batch, picture, kernel, channels, params }) =>
        fc
          .tuple(
            drawn([...batch, ...picture], options),
            drawn([...batch, ...kernel, picture[picture.length - 1], channels], options),
          )
          .map((operands) => ({ operands, params })),
      ),
  },
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };
