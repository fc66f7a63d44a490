import { grad, jacfwd, jacrev, jvp } from "@pushforward/autodiff";
import { mul, ones, sin, type Tensor, tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { gapOf } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";

type Scalar = (x: Tensor) => Tensor;

const one = ones([]);
const derivatives: readonly ((f: Scalar) => Scalar)[] = [
  (f) => (x) => grad(f)(x),
  (f) => (x) => jacfwd(f)(x),
  (f) => (x) => jacrev(f)(x),
  (f) => (x) => jvp(f, [x], [one])[1],
];

function instance(draws: Draws, isBroken: boolean): number {
  const [a, b, x, y] = [draws.signed(0.4, 1.4), draws.signed(0.4, 1.4), draws.signed(0.2, 1), draws.signed(0.2, 1)];
  const f: Scalar = (z) => sin(mul(a, z));
  const g: Scalar = (z) => sin(mul(b, z));
  const [inner, outer] = [draws.pick(derivatives), draws.pick(derivatives)];
  const at = tensor(y);
  // broken: one perturbation for both variables, so the inner derivative also differentiates in x
  const slope: Scalar = (z) =>
    isBroken
      ? jvp((p: Tensor, q: Tensor) => mul(f(p), g(q)), [z, at], [one, one])[1]
      : inner((q) => mul(f(z), g(q)))(at);
  const got = outer((z) => mul(f(z), slope(z)))(tensor(x)).item();
  return gapOf(got, 2 * Math.sin(a * x) * a * Math.cos(a * x) * b * Math.cos(b * y));
}

/** An inner derivative has its own variable. */
export const perturbationConfusion = defineLaw({
  name: "perturbationConfusion",
  title: "Nested derivatives do not mix",
  statement: "An inner derivative treats the outer variable as a constant, for every pair of modes.",
  formula: String.raw`D_x\bigl[f(x) D_y[f(x) g(y)]\bigr] = 2f(x)f'(x) g'(y)`,
  bound: 1e-13,
  broken: "both derivatives share one perturbation",
  source: "Siskind and Pearlmutter 2005, Perturbation confusion and referential transparency",
  ...oneByOne(instance),
});
