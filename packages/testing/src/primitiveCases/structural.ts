import { type DType, type PrimitiveName, type Shape, sizeOf } from "@pushforward/tensor";
import fc from "fast-check";
import { axisSizes, shapes, shapesThatBroadcastTo } from "../arbitraries/shapes.ts";
import { tensorOf } from "../arbitraries/tensors.ts";
import {
  anyType,
  type CaseFamily,
  type CaseOptions,
  elementsFor,
  numbers,
  type PrimitiveCase,
} from "./primitiveCase.ts";

type Body<P extends PrimitiveName> = Omit<PrimitiveCase<P>, "name">;

/** A tensor with elements as the options say. */
export const drawn = (shape: Shape, options: CaseOptions): ReturnType<typeof tensorOf> =>
  tensorOf(shape, { dtype: options.dtype, elements: elementsFor(options) });

/** One entry per axis. */
export const perAxis = <T>(shape: Shape, entry: (n: number) => fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  shape.length === 0 ? fc.constant([]) : fc.tuple(...shape.map(entry)).map((entries) => [...entries]);

/** A family of one operand whose parameters follow from its shape; linear, so it is smooth everywhere. */
function ofOne<P extends PrimitiveName>(
  params: (shape: Shape) => fc.Arbitrary<Body<P>["params"]>,
  options: { readonly minRank?: number; readonly dtypes?: readonly DType[] } = {},
): CaseFamily<P> {
  return {
    dtypes: options.dtypes ?? anyType,
    smoothIn: [0],
    cases: (chosen) =>
      shapes({ minRank: options.minRank }).chain((shape) =>
        fc.tuple(drawn(shape, chosen), params(shape)).map(([x, p]) => ({ operands: [x], params: p })),
      ),
  };
}

/** start ≤ stop in [0, n] and a step. */
const span = (n: number): fc.Arbitrary<{ start: number; stop: number; step: number }> =>
  fc
    .tuple(fc.nat({ max: n }), fc.nat({ max: n }), fc.constantFrom(1, 1, 2, 3))
    .map(([a, b, step]) => ({ start: Math.min(a, b), stop: Math.max(a, b), step }));

const padding = fc.record({ low: fc.nat({ max: 2 }), high: fc.nat({ max: 2 }), interior: fc.nat({ max: 2 }) });

/** Other shapes with the same number of elements: axes joined, the last one cut, axes of size 1 added. */
const regroupings = (shape: Shape): fc.Arbitrary<Shape> => {
  const size = sizeOf(shape);
  const last = shape.at(-1) ?? 1;
  const cuts = [2, 3].filter((n) => last % n === 0 && last > 0).map((n) => [...shape.slice(0, -1), n, last / n]);
  const joined = shape.length > 1 ? [[shape[0] * shape[1], ...shape.slice(2)]] : [];
  const scalar = size === 1 ? [[]] : [];
  return fc.constantFrom([...shape], [size], [1, ...shape], [...shape, 1], ...cuts, ...joined, ...scalar);
};

export const structuralCases = {
  iota: {
    dtypes: numbers,
    smoothIn: [],
    cases: ({ dtype }) =>
      shapes({ minRank: 1 }).chain((shape) =>
        fc.nat({ max: shape.length - 1 }).map((axis) => ({ operands: [], params: { shape, axis, dtype } })),
      ),
  },
  broadcastTo: {
    dtypes: anyType,
    smoothIn: [0],
    cases: (options) =>
      shapes().chain((shape) =>
        shapesThatBroadcastTo(shape)
          .chain((own) => drawn(own, options))
          .map((x) => ({ operands: [x], params: { shape } })),
      ),
  },
  reshape: ofOne<"reshape">((shape) => regroupings(shape).map((target) => ({ shape: target }))),
  transpose: ofOne<"transpose">((shape) =>
    fc
      .shuffledSubarray(
        shape.map((_, axis) => axis),
        { minLength: shape.length, maxLength: shape.length },
      )
      .map((permutation) => ({ permutation })),
  ),
  slice: ofOne<"slice">((shape) =>
    perAxis(shape, span).map((spans) => ({
      start: spans.map((s) => s.start),
      stop: spans.map((s) => s.stop),
      step: spans.map((s) => s.step),
    })),
  ),
  pad: ofOne<"pad">((shape) =>
    perAxis(shape, () => padding).map((widths) => ({
      low: widths.map((w) => w.low),
      high: widths.map((w) => w.high),
      interior: widths.map((w) => w.interior),
    })),
  ),
  concat: {
    dtypes: anyType,
    smoothIn: "all",
    cases: (options) =>
      fc
        .tuple(shapes({ minRank: 1, maxSize: 30 }), fc.nat(), fc.array(axisSizes(), { minLength: 1, maxLength: 3 }))
        .chain(([shape, choice, sizes]) => {
          const axis = choice % shape.length;
          const parts = sizes.map((n) => drawn(shape.with(axis, n), options));
          return fc.tuple(...parts).map((operands) => ({ operands, params: { axis } }));
        }),
  },
  flip: ofOne<"flip">((shape) => fc.subarray(shape.map((_, axis) => axis)).map((axes) => ({ axes }))),
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };
