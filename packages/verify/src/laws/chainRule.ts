import { jvp, vjp } from "@pushforward/autodiff";
import type { Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { treeGap, worse } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { randomProgram } from "../randomProgram.ts";

function instance(draws: Draws, isBroken: boolean): number {
  const inner = randomProgram(draws);
  const outer = randomProgram(draws, { shape: inner.shape });
  const g = (x: Tensor): Tensor => inner.run([x]);
  const f = (y: Tensor): Tensor => outer.run([y]);
  const [x] = inner.draw();
  const [dx, w] = [draws.normal(inner.shape), draws.normal(inner.shape)];
  const [y, dy] = jvp(g, [x], [dx]);
  const at = isBroken ? x : y;
  const composed = (point: Tensor): Tensor => f(g(point));
  const forward = treeGap(jvp(composed, [x], [dx])[1], jvp(f, [at], [dy])[1]);
  const [ct] = vjp(f, [at])[1](w) as [Tensor];
  const backward = treeGap(vjp(composed, [x])[1](w)[0], vjp(g, [x])[1](ct)[0]);
  return worse(forward, backward);
}

/** The derivative of a composition is the composition of derivatives. */
export const chainRule = defineLaw({
  name: "chainRule",
  title: "Chain rule",
  statement:
    "The derivative of a composition of random programs is the composition of their derivatives, in both modes.",
  formula: String.raw`D(f\circ g)(x)[dx] = Df(g(x))\bigl[Dg(x)[dx]\bigr],\qquad D(f\circ g)^{\mathsf T}w = Dg(x)^{\mathsf T}Df(g(x))^{\mathsf T}w`,
  bound: 1e-12,
  broken: "the outer derivative is taken at x instead of g(x)",
  ...oneByOne(instance),
});
