import { losses } from "@pushforward/losses";
import { div, mul, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf } from "../lossInstance.ts";
import { withoutWeight } from "../withoutWeight.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const { s, t, r } = samples;
  const alpha = div(sub(r, s), sub(t, s));
  const short = withoutWeight(lossOf(losses.alphaFlow, samples), parameters, { factor: alpha, c: 0.001 });
  const solution = withoutWeight(lossOf(losses.soFlow, samples), parameters, { factor: 1, c: 0.01 });
  const square = isBroken ? alpha : mul(alpha, alpha);
  return worstOf(rowGaps(mul(square, solution.e), short.e), rowGaps(mul(square, solution.slopes), short.slopes));
}

/** SoFlow and α-Flow have one residual, up to the factor α and the weight. */
export const soFlowIsAlphaFlow = defineLaw({
  name: "soFlowIsAlphaFlow",
  title: "SoFlow is α-Flow with another weight",
  statement: "Without their weights SoFlow is α-Flow over α², in value and gradient.",
  formula: String.raw`e_{\mathrm{SoFlow}} = \frac{e_\alpha}{\alpha^2},\qquad \nabla e_{\mathrm{SoFlow}} = \frac{\nabla e_\alpha}{\alpha^2}`,
  bound: 1e-8,
  broken: "the factor is 1/α",
  ...rowByRow(instances, 8),
});
