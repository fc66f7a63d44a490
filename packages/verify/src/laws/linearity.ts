import { jvp, vjp } from "@pushforward/autodiff";
import { add, mul, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { treeGap, worse } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { randomProgram } from "../randomProgram.ts";

function instance(draws: Draws, isBroken: boolean): number {
  const program = randomProgram(draws, { length: draws.integer(3, 8) });
  const f = (x: Tensor): Tensor => program.run([x]);
  const [x] = program.draw();
  const [dx, dy, w, z] = Array.from({ length: 4 }, () => draws.normal(program.shape));
  const [a, b] = [draws.uniform(-2, 2), draws.uniform(-2, 2)];
  const combine = (p: Tensor, q: Tensor): Tensor => add(mul(a, p), mul(b, q));
  // broken: the secant f(x + dx) − f(x), which is linear for linear programs only
  const push = (d: Tensor): Tensor => (isBroken ? sub(f(add(x, d)), f(x)) : jvp(f, [x], [d])[1]);
  const [, pullback] = vjp(f, [x]);
  const forward = treeGap(push(combine(dx, dy)), combine(push(dx), push(dy)));
  const backward = treeGap(pullback(combine(w, z))[0], combine(pullback(w)[0], pullback(z)[0]));
  return worse(forward, backward);
}

/** A derivative is linear in its direction, and its transpose in the cotangent. */
export const linearity = defineLaw({
  name: "linearity",
  title: "Derivatives are linear maps",
  statement: "jvp is linear in the tangent and vjp in the cotangent, on random programs.",
  formula: String.raw`J(a dx + b dy) = a J dx + b J dy,\qquad J^{\mathsf T}(a w + b z) = a J^{\mathsf T}w + b J^{\mathsf T}z`,
  bound: 1e-12,
  broken: "the tangent is replaced by the difference f(x + dx) − f(x)",
  ...oneByOne(instance),
});
