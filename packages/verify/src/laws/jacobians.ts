import { jacfwd, jacrev, stopCotangent, stopGradient, stopTangent } from "@pushforward/autodiff";
import type { Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { treeGap } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { type Mark, randomProgram } from "../randomProgram.ts";

function instance(draws: Draws, isBroken: boolean): number {
  const program = randomProgram(draws, { length: draws.integer(2, 7) });
  const oneSided: Mark = draws.chance(0.5) ? stopTangent : stopCotangent;
  const f = (x: Tensor): Tensor => program.run([x], isBroken ? oneSided : stopGradient);
  const [x] = program.draw();
  return treeGap(jacfwd(f)(x), jacrev(f)(x));
}

/** Both modes build the same Jacobian for every placement of stop-gradients. */
export const jacobians = defineLaw({
  name: "jacobians",
  title: "Jacobians agree under random stop-gradients",
  statement: "jacfwd equals jacrev for every random placement of stop-gradients in a random program.",
  formula: String.raw`J_{\text{forward}} = J_{\text{reverse}} \in \mathbb R^{\text{out}\times\text{in}}`,
  bound: 1e-12,
  broken: "the stops are markers that cut in one mode only",
  weight: 2,
  ...oneByOne(instance),
});
