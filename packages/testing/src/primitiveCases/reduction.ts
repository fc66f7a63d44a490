import type { DenseTensor, PrimitiveName } from "@pushforward/tensor";
import fc from "fast-check";
import { shapes } from "../arbitraries/shapes.ts";
import { distinctTensorOf } from "../arbitraries/tensors.ts";
import { type CaseFamily, type CaseOptions, numbers } from "./primitiveCase.ts";
import { drawn } from "./structural.ts";

const someAxes = (shape: readonly number[], isAllowed: (n: number) => boolean = () => true): fc.Arbitrary<number[]> =>
  fc.subarray(shape.map((_, axis) => axis).filter((axis) => isAllowed(shape[axis])));

/** max and min: no ties among smooth values, no empty axis among the reduced ones. */
const extremum = <P extends "max" | "min">(): CaseFamily<P> => ({
  dtypes: numbers,
  smoothIn: [0],
  cases: (options) =>
    shapes().chain((shape) =>
      fc
        .tuple(
          options.values === "smooth" ? distinctTensorOf(shape, options.dtype) : drawn(shape, options),
          someAxes(shape, (n) => n > 0),
        )
        .map(([x, axes]) => ({ operands: [x], params: { axes } })),
    ),
});

/** One operand and an axis of it. */
const alongAxis = <T extends object>(
  options: CaseOptions,
  isAllowed: (n: number) => boolean,
  params: (axis: number) => fc.Arbitrary<T>,
): fc.Arbitrary<{ operands: DenseTensor[]; params: T }> =>
  shapes({ minRank: 1 })
    .filter((shape) => shape.some(isAllowed))
    .chain((shape) =>
      fc
        .constantFrom(...shape.flatMap((n, axis) => (isAllowed(n) ? [axis] : [])))
        .chain((axis) => fc.tuple(drawn(shape, options), params(axis)))
        .map(([x, chosen]) => ({ operands: [x], params: chosen })),
    );

export const reductionCases = {
  sum: {
    dtypes: numbers,
    smoothIn: [0],
    cases: (options) =>
      shapes().chain((shape) =>
        fc.tuple(drawn(shape, options), someAxes(shape)).map(([x, axes]) => ({ operands: [x], params: { axes } })),
      ),
  },
  max: extremum<"max">(),
  min: extremum<"min">(),
  argmax: {
    dtypes: numbers,
    smoothIn: [],
    cases: (options) =>
      alongAxis(
        options,
        (n) => n > 0,
        (axis) => fc.constant({ axis }),
      ),
  },
  cumsum: {
    dtypes: numbers,
    smoothIn: [0],
    cases: (options) =>
      alongAxis(
        options,
        () => true,
        (axis) => fc.boolean().map((reverse) => ({ axis, reverse })),
      ),
  },
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };
