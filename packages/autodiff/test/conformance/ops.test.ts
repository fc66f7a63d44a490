import * as t from "@pushforward/tensor";
import {
  awayFromZero,
  axisSizes,
  between,
  broadcastPairs,
  distinctTensorOf,
  forAll,
  shapes,
  shapeTriples,
  tensorOf,
} from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { isJudged, judge, tolerance } from "../support/conformance.ts";
import { type DerivativeCase, wave } from "../support/derivativeCase.ts";

// Many cases on a busy machine.
type Tensor = t.Tensor;
type Op = (...xs: Tensor[]) => Tensor;

const anywhere = awayFromZero(0.5, 2);
const positive = between(0.75, 3);

/** Random values of a type. */
type Arbitrary<T> = Parameters<typeof forAll<T>>[0];

/** One or two operands of some shapes. */
const of = (operands: Arbitrary<readonly t.Shape[]>, elements = anywhere): Arbitrary<t.DenseTensor[]> =>
  operands.chain(([a, b]) =>
    tensorOf(a, { elements }).chain((x) => tensorOf(b ?? [], { elements }).map((y) => (b ? [x, y] : [x]))),
  );

const one = (elements = anywhere) =>
  of(
    shapes({ maxSize: 24 }).map((shape) => [shape]),
    elements,
  );
const filled = (elements = anywhere) =>
  of(
    shapes({ minRank: 1, maxSize: 24, empty: false }).map((shape) => [shape]),
    elements,
  );
const pair = (elements = anywhere) =>
  of(
    broadcastPairs({ maxSize: 24 }).map(({ a, b }) => [a, b]),
    elements,
  );
const distinct = shapes({ minRank: 1, maxSize: 12, empty: false }).chain((shape) =>
  distinctTensorOf(shape, "float64").map((x) => [x]),
);
const matrices = shapeTriples().map(([m, k, n]) => [
  [m, k],
  [k, n],
]);

/** Composites of primitives, at smooth points: operands and what is done to them. */
const composites: Record<string, readonly [operands: Arbitrary<t.DenseTensor[]>, op: Op]> = {
  "add, broadcast": [pair(), (x, y) => t.add(x, y)],
  "sub, broadcast": [pair(), (x, y) => t.sub(x, y)],
  "mul, broadcast": [pair(), (x, y) => t.mul(x, y)],
  "div, broadcast": [pair(), (x, y) => t.div(x, y)],
  "pow, broadcast": [pair(positive), (x, y) => t.pow(x, y)],
  "lerp, broadcast": [pair(), (x, y) => t.lerp(x, y, 0.3)],
  "where, broadcast": [pair(), (x, y) => t.where(t.less(x, 0), x.mul(y), y)],
  "pow to a number": [one(positive), (x) => t.pow(x, 2.5)],
  "pow to a whole number": [one(), (x) => t.pow(x, -2)],
  square: [one(), t.square],
  reciprocal: [one(), t.reciprocal],
  tan: [one(awayFromZero(0, 0.8)), t.tan],
  sinh: [one(awayFromZero(0, 2)), t.sinh],
  cosh: [one(awayFromZero(0, 2)), t.cosh],
  softplus: [one(awayFromZero(0, 2)), t.softplus],
  logSigmoid: [one(awayFromZero(0, 2)), t.logSigmoid],
  silu: [one(), t.silu],
  gelu: [one(), (x) => t.gelu(x)],
  "gelu by tanh": [one(), (x) => t.gelu(x, { approximate: true })],
  relu: [one(), t.relu],
  clip: [one(), (x) => t.clip(x, -0.2, 0.2).mul(x)],
  mean: [filled(), (x) => t.mean(x, -1)],
  variance: [filled(), (x) => t.variance(x, 0)],
  std: [
    of(
      axisSizes().map(() => [[4, 3]]),
      positive,
    ),
    (x) => t.std(x.mul(t.tensor([1, 8, 30])), 1),
  ],
  prod: [filled(), (x) => t.prod(x, -1)],
  squaredNorm: [one().filter(([x]) => x.rank > 0), (x) => t.squaredNorm(x)],
  norm: [filled(), (x) => t.norm(x)],
  logSumExp: [filled(), (x) => t.logSumExp(x, 0, { keepDims: true })],
  softmax: [filled(), (x) => t.softmax(x)],
  logSoftmax: [filled(), (x) => t.logSoftmax(x, 0)],
  sort: [distinct, (x) => t.sort(x, 0)],
  "max minus min": [distinct, (x) => t.max(x, -1).sub(t.min(x, -1))],
  "maximum of two": [distinct, (x) => t.maximum(x, t.flip(x).add(0.25))],
  matmul: [of(matrices), (x, y) => t.matmul(x, y)],
  "matmul with batch axes": [
    of(
      shapeTriples({ empty: false }).map(([m, k, n]) => [
        [2, 1, m, k],
        [3, k, n],
      ]),
    ),
    (x, y) => t.matmul(x, y),
  ],
  "matmul of vectors": [of(axisSizes().map((n) => [[n], [n]])), (x, y) => t.matmul(x, y)],
  einsum: [
    of(
      shapeTriples().map(([m, k, n]) => [
        [m, k, 2],
        [2, n, k],
      ]),
    ),
    (x, y) => t.einsum("mkb,bnk->nbm", x, y),
  ],
  outer: [of(shapeTriples().map(([n, m]) => [[n], [m]])), (x, y) => t.outer(x, y)],
  dot: [of(axisSizes().map((n) => [[2, n], [n]])), (x, y) => t.dot(x, y, -1)],
  stack: [one().map(([x]) => [x, x]), (x, y) => t.stack([x, y.mul(x)], -1)],
  "split and tile": [of(axisSizes().map((n) => [[2 * n, 2]])), (x) => t.tile(x.split(2)[1].mul(x.split(2)[0]), 2, 1)],
  triangles: [of(matrices.map(([a]) => [a])), (x) => t.tril(x).mul(t.triu(x, -1))],
  take: [filled(), (x) => t.take(x, t.tensor([0, 0], { dtype: "int32" }), -1).exp()],
  "slice and pad": [
    filled(),
    (x) =>
      x
        .slice([0, null, 2])
        .square()
        .pad(x.shape.map(() => [1, 2] as const)),
  ],
};

describe("composites to second order against differences and complex steps", () => {
  it.each(Object.keys(composites))("%s", (name) => {
    const [operands, f] = composites[name];
    const cases = operands.map((primals): DerivativeCase => {
      const direction = (phase: number) => primals.map((x, i) => wave(x.shape, phase + i));
      return { name: "exp", f, primals, u: direction(1), v: direction(20), ct: wave(f(...primals).shape, 40) };
    });
    forAll(
      cases,
      (each) => {
        for (const verdict of judge(each)) {
          expect(isJudged(verdict), `oracles of ${verdict.mode}`).toBe(true);
          expect(verdict.error, verdict.mode).toBeLessThanOrEqual(tolerance);
        }
      },
      { runs: 5 },
    );
  });
});
