import type { PrimitiveName } from "@pushforward/tensor";
import fc from "fast-check";
import { axisSizes, shapes } from "../arbitraries/shapes.ts";
import { type CaseFamily, numbers } from "./primitiveCase.ts";
import { drawn } from "./structural.ts";

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
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };
