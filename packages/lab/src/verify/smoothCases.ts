import { bind, noParams, type PrimitiveName, primitives, type Tensor, tensor } from "@pushforward/tensor";
import type { Draws } from "./draws.ts";
import { curvedSteps, mixingSteps } from "./programSteps.ts";

/** A function that differences with h ≤ 0.1 resolve around its operands. */
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

/** Two numbers at least 0.5 apart. */
const apart: Point = (draws) => {
  const x = draws.uniform(-3, 3);
  return [x, x + draws.signed(0.5, 3)];
};

/** Where each elementwise primitive is smooth. */
const domains = {
  add: both(anywhere, anywhere),
  sub: both(anywhere, anywhere),
  mul: both(anywhere, anywhere),
  div: both(anywhere, awayFromZero(0.9, 4)),
  neg: anywhere,
  pow: both(between(0.9, 3), awayFromZero(0.5, 3)),
  abs: awayFromZero(0.5, 3),
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

const elementwiseNames = Object.keys(domains) as (keyof typeof domains)[];
const steps = Object.entries({ ...curvedSteps, ...mixingSteps });

/** Number of functions that {@link smoothCase} knows. */
export const smoothCaseCount = elementwiseNames.length + steps.length;

/** A primitive on a few elements of its domain, or a step of the random programs on a small matrix. */
export function smoothCase(draws: Draws): SmoothCase {
  const index = draws.integer(0, smoothCaseCount - 1);
  if (index < elementwiseNames.length) return elementwiseCase(elementwiseNames[index], draws);
  const [name, step] = steps[index - elementwiseNames.length];
  const shape = [draws.integer(1, 4), draws.integer(1, 4)];
  return { name, run: ([x, y]) => step(x, y), operands: [draws.normal(shape), draws.normal(shape)] };
}

function elementwiseCase(name: keyof typeof domains, draws: Draws): SmoothCase {
  const rows = Array.from({ length: draws.integer(1, 5) }, () => domains[name](draws));
  const operands = rows[0].map((_, place) => tensor(rows.map((row) => row[place])));
  return { name, run: (xs) => bind(primitives[name], xs, noParams), operands };
}
