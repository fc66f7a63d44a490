import type { PrimitiveName } from "@pushforward/tensor";
import fc from "fast-check";
import { axisSizes, shapes } from "../arbitraries/shapes.ts";
import { tensorOf } from "../arbitraries/tensors.ts";
import { anyType, type CaseFamily, numbers } from "./primitiveCase.ts";
import { drawn } from "./structural.ts";

/** Sizes of a gather: x [...batch, n, ...rest], indices [...batch, ...picks]. */
const gatherSizes = fc.record({
  batch: shapes({ maxRank: 1 }),
  n: axisSizes({ empty: false }),
  rest: shapes({ maxRank: 1 }),
  picks: shapes({ maxRank: 2, maxSize: 12 }),
});

const indicesBelow = (shape: readonly number[], n: number): ReturnType<typeof tensorOf> =>
  tensorOf(shape, { dtype: "int32", elements: fc.nat({ max: n - 1 }) });

export const indexingCases = {
  gather: {
    dtypes: anyType,
    smoothIn: [0],
    cases: (options) =>
      gatherSizes.chain(({ batch, n, rest, picks }) =>
        fc
          .tuple(drawn([...batch, n, ...rest], options), indicesBelow([...batch, ...picks], n))
          .map((operands) => ({ operands, params: { batchAxes: batch.length } })),
      ),
  },
  scatterAdd: {
    dtypes: numbers,
    smoothIn: [0],
    cases: (options) =>
      gatherSizes.chain(({ batch, n, rest, picks }) =>
        fc
          .tuple(drawn([...batch, ...picks, ...rest], options), indicesBelow([...batch, ...picks], n))
          .map((operands) => ({ operands, params: { batchAxes: batch.length, size: n } })),
      ),
  },
  argsort: {
    dtypes: anyType,
    smoothIn: [],
    cases: (options) =>
      shapes({ minRank: 1 }).chain((shape) =>
        fc
          .tuple(drawn(shape, options), fc.nat({ max: shape.length - 1 }))
          .map(([x, axis]) => ({ operands: [x], params: { axis } })),
      ),
  },
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };
