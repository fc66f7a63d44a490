import { losses } from "@pushforward/losses";
import { mul, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { limitAtZero } from "../limitAtZero.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const limit = limitAtZero((step) => {
    const changes = { r: sub(samples.t, step), solve: samples.eulerStep };
    return mul(step ** -2, rowJets(lossOf(losses.globalForwardFull, samples, changes), parameters));
  });
  const want = isBroken ? losses.localForwardSemi : losses.localForward;
  return rowGaps(limit, rowJets(lossOf(want, samples), parameters));
}

/** The solver loss over one short Euler step is the local forward loss. */
export const solverTendsToForward = defineLaw({
  name: "solverTendsToForward",
  title: "Global forward → local forward",
  statement:
    "As the solver's span shrinks to one short Euler step, the global forward loss over ε² tends to the local forward loss in value and gradient.",
  formula: String.raw`\frac1{\varepsilon^2}\lVert\Phi_{s\to t} - \mathrm{Euler}_{t-\varepsilon\to t}(\Phi_{s\to t-\varepsilon})\rVert^2 \to \lVert\partial_t\Phi_{s\to t} - v_t(\Phi_{s\to t})\rVert^2`,
  bound: 1e-7,
  broken: "the limit is sought in the semi-gradient form",
  ...rowByRow(instances, 8),
});
