import { grad, jacfwd, jacrev, jvp, linearize, stopGradient, vjp, vmap } from "@pushforward/autodiff";
import { compile, exp, mul, ones, reshape, sin, type Tensor, tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { gapOf } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";

type Scalar = (x: Tensor) => Tensor;

const one = ones([]);

/** Transforms that differentiate a function of one number. */
const derivatives: readonly ((f: Scalar) => Scalar)[] = [
  (f) => (x) => grad(f)(x),
  (f) => (x) => jacfwd(f)(x),
  (f) => (x) => jacrev(f)(x),
  (f) => (x) => jvp(f, [x], [one])[1],
  (f) => (x) => vjp(f, [x])[1](one)[0],
  (f) => (x) => linearize(f, [x])[1]([one]),
  (f) => (x) => reshape(vmap(grad(f))(reshape(x, [1])), []),
];

const depth = 4;

/** Im((b + ia)ⁿ·e^{(b + ia)x}) = rⁿ·e^{bx}·sin(ax + nφ). */
const closedForm = (a: number, b: number, x: number): number =>
  Math.hypot(a, b) ** depth * Math.exp(b * x) * Math.sin(a * x + depth * Math.atan2(a, b));

function instance(draws: Draws, isBroken: boolean): number {
  const [a, b, x] = [draws.signed(0.4, 1.2), draws.signed(0.4, 1.2), draws.uniform(-1.5, 1.5)];
  let f: Scalar = (y) => mul(exp(mul(b, isBroken ? stopGradient(y) : y)), sin(mul(a, y)));
  for (let level = 0; level < depth; level++) f = draws.pick(derivatives)(f);
  if (draws.chance(0.2)) f = compile(f);
  return gapOf(f(tensor(x)).item(), closedForm(a, b, x));
}

/** Four nested derivatives, by any mixture of transforms. */
export const nestedDerivatives = defineLaw({
  name: "nestedDerivatives",
  title: "Transforms nest four deep",
  statement:
    "Four derivatives, each by a transform drawn at random, give the fourth derivative, which is known in closed form.",
  formula: String.raw`D_1D_2D_3D_4 \bigl(e^{bx}\sin ax\bigr) = (a^2 + b^2)^2 e^{bx}\sin\bigl(ax + 4\arg(b + ia)\bigr)`,
  bound: 1e-12,
  broken: "one of the two factors is stopped",
  ...oneByOne(instance),
});
