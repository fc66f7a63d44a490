import {
  bind,
  integerPow,
  less,
  max,
  min,
  mul,
  noParams,
  type PrimitiveName,
  primitives,
  sin,
  sort,
  type Tensor,
  tensor,
  where,
} from "@pushforward/tensor";
import type { Draws } from "./draws.ts";
import { curvedSteps, mixingSteps, type ProgramStep } from "./programSteps.ts";

/** A function that is smooth within 0.1 of its operands, so that differences with h ≤ 0.1 are accurate. */
export interface SmoothCase {
  readonly name: string;
  run(xs: readonly Tensor[]): Tensor;
  readonly operands: readonly Tensor[];
}

/** Draws the operands of one element. */
type Point = (draws: Draws) => number[];

const anywhere: Point = (draws) => [draws.uniform(-3, 3)];
const between =
  (min: number, max: number): Point =>
  (draws) => [draws.uniform(min, max)];
const awayFromZero =
  (min: number, max: number): Point =>
  (draws) => [draws.signed(min, max)];
const both =
  (first: Point, second: Point): Point =>
  (draws) => [...first(draws), ...second(draws)];

/** A whole number plus a part in [min, max). */
const offGrid =
  (min: number, max: number): Point =>
  (draws) => [draws.integer(-3, 3) + draws.uniform(min, max)];

/** Two numbers at least 0.5 apart. */
const apart: Point = (draws) => {
  const x = draws.uniform(-3, 3);
  return [x, x + draws.signed(0.5, 3)];
};

/** The domain on which each elementwise primitive is smooth. */
const domains = {
  add: both(anywhere, anywhere),
  sub: both(anywhere, anywhere),
  mul: both(anywhere, anywhere),
  /** x/y in the middle of a step of ⌊x/y⌋. */
  remainder: (draws) => {
    const y = draws.signed(2, 4);
    return [y * (draws.integer(-1, 1) + draws.uniform(0.35, 0.65)), y];
  },
  div: both(anywhere, awayFromZero(0.9, 4)),
  neg: anywhere,
  pow: both(between(0.9, 3), awayFromZero(0.5, 3)),
  abs: awayFromZero(0.5, 3),
  sign: awayFromZero(0.5, 3),
  floor: offGrid(0.25, 0.75),
  ceil: offGrid(0.25, 0.75),
  round: offGrid(-0.25, 0.25),
  maximum: apart,
  minimum: apart,
  exp: between(-2, 2),
  expm1: between(-2, 2),
  log: between(0.9, 6),
  log1p: between(-0.1, 6),
  sqrt: between(0.9, 6),
  rsqrt: between(0.9, 6),
  sin: anywhere,
  cos: anywhere,
  atan: anywhere,
  tanh: anywhere,
  sigmoid: anywhere,
  erf: between(-2.5, 2.5),
  erfInv: between(-0.6, 0.6),
} as const satisfies { readonly [P in PrimitiveName]?: Point };

/** Distinct numbers at least 0.6 apart, in random order, for maxima and sorting. */
function spaced(draws: Draws): Tensor {
  const shape = [draws.integer(1, 3), draws.integer(2, 3)];
  const places = Array.from({ length: shape[0] * shape[1] }, (_, i) => i + draws.uniform(-0.2, 0.2));
  const order = places.map((place) => ({ place, rank: draws.uniform() })).sort((a, b) => a.rank - b.rank);
  return tensor(
    order.map(({ place }) => place - 2),
    { shape },
  );
}

/** The sampler of a function's case. */
type Case = (draws: Draws) => Omit<SmoothCase, "name">;

const onSpaced =
  (run: (x: Tensor) => Tensor): Case =>
  (draws) => ({ run: ([x]) => run(x), operands: [spaced(draws)] });

const elementwise =
  (name: keyof typeof domains): Case =>
  (draws) => {
    const rows = Array.from({ length: draws.integer(1, 5) }, () => domains[name](draws));
    const operands = rows[0].map((_, place) => tensor(rows.map((row) => row[place])));
    return { run: (xs) => bind(primitives[name], xs, noParams), operands };
  };

const onMatrices =
  (step: ProgramStep): Case =>
  (draws) => {
    const shape = [draws.integer(1, 4), draws.integer(1, 4)];
    return { run: ([x, y]) => step(x, y), operands: [draws.normal(shape), draws.normal(shape)] };
  };

const integerPower: Case = (draws) => {
  const n = draws.integer(-3, 6);
  return { run: ([x]) => integerPow(x, n), operands: [tensor([draws.signed(0.9, 2), draws.signed(0.9, 2)])] };
};

/** Every function by its name: primitives on their domains, and the steps of the random programs. */
const cases: Readonly<Record<string, Case>> = {
  ...Object.fromEntries((Object.keys(domains) as (keyof typeof domains)[]).map((name) => [name, elementwise(name)])),
  integerPow: integerPower,
  max: onSpaced((x) => max(x, 1)),
  min: onSpaced((x) => min(x, 0)),
  sort: onSpaced((x) => sort(x, 1)),
  where: onSpaced((x) => where(less(x, 0.5), sin(x), mul(x, x))),
  ...Object.fromEntries(
    Object.entries({ ...curvedSteps, ...mixingSteps }).map(([name, step]) => [`${name} step`, onMatrices(step)]),
  ),
};

/** Names of the functions. */
export const smoothCaseNames: readonly string[] = Object.keys(cases);

/** A function on random operands of its domain. */
export const smoothCase = (name: string, draws: Draws): SmoothCase => ({ name, ...cases[name](draws) });
