import { jvp, stopGradient, vjp, withStops } from "@pushforward/autodiff";
import { add, div, mul, sign, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { treeGap, worse } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { randomProgram } from "../randomProgram.ts";

type Field = (x: Tensor) => Tensor;

/** Value, tangent and cotangent at one point. */
const jets = (f: Field, x: Tensor, dx: Tensor, w: Tensor): Tensor[] => {
  const [value, tangent] = jvp(f, [x], [dx]);
  return [value, tangent, vjp(f, [x])[1](w)[0]];
};

/** Each statement: a function with stops, and its required value, tangent and cotangent. */
function statements(f: Field, g: Field, x: Tensor, dx: Tensor, w: Tensor): [Tensor[], Tensor[]][] {
  const zero = mul(0, x);
  const [value, tangent, cotangent] = jets(f, x, dx, w);
  const at = (field: Field): Tensor[] => jets(field, x, dx, w);
  const split = [at((y) => mul(f(y), stopGradient(g(y)))), at((y) => mul(stopGradient(f(y)), g(y)))];
  const product = at((y) => mul(f(y), g(y)));
  const shifted = add(mul(x, x), 1);
  return [
    [at((y) => stopGradient(f(y))), [value, zero, zero]],
    [at((y) => stopGradient(stopGradient(f(y)))), [value, zero, zero]],
    [at((y) => sub(f(y), stopGradient(f(y)))), [zero, tangent, cotangent]],
    [
      at((y) => mul(add(mul(y, y), 1), stopGradient(div(1, add(mul(y, y), 1))))),
      [add(zero, 1), ...[dx, w].map((d) => mul(mul(2, x), div(d, shifted)))],
    ],
    // straight-through estimator: the value of a step function, the derivative of the identity
    [at((y) => add(y, stopGradient(sub(sign(y), y)))), [sign(x), dx, w]],
    [[add(split[0][1], split[1][1]), add(split[0][2], split[1][2])], product.slice(1)],
  ];
}

function instance(draws: Draws, isBroken: boolean): number {
  const first = randomProgram(draws, { length: 3 });
  const second = randomProgram(draws, { length: 3, shape: first.shape });
  const [x, dx, w] = Array.from({ length: 3 }, () => draws.normal(first.shape));
  const all = (): [Tensor[], Tensor[]][] =>
    statements(
      (y) => first.run([y]),
      (y) => second.run([y]),
      x,
      dx,
      w,
    );
  const gaps = (isBroken ? withStops(true, all) : all()).map(([got, want]) => treeGap(got, want));
  // a control counts as violated only if every statement fails
  return isBroken ? Math.min(...gaps) : gaps.reduce(worse);
}

/** A stop-gradient keeps the value and removes every derivative. */
export const stopGradients = defineLaw({
  name: "stopGradients",
  title: "Laws of the stop-gradient",
  statement:
    "Values stay and derivatives vanish in both modes; x − sg x, x·sg(1/x), the split product rule and the straight-through estimator follow.",
  formula: String.raw`D \mathrm{sg}(f) = 0,\quad D\bigl(f - \mathrm{sg}(f)\bigr) = Df,\quad D\bigl(h \mathrm{sg}(1/h)\bigr) = \tfrac{Dh}{h},\quad D(fg) = D\bigl(f \mathrm{sg}(g)\bigr) + D\bigl(\mathrm{sg}(f) g\bigr)`,
  bound: 1e-12,
  broken: "the stops are switched off: every statement fails",
  ...oneByOne(instance),
});
