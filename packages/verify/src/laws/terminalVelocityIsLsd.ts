import { losses } from "@pushforward/losses";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";
import { rowAverageVelocity, rowParameters } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const other = rowAverageVelocity(rowParameters(draws, n, { inputs: dim + 2, outputs: dim }));
  return rowGaps(
    rowJets(lossOf(losses.terminalVelocity, samples, isBroken ? { ema: other } : {}), parameters),
    rowJets(lossOf(losses.lsd, samples), parameters),
  );
}

/** With the student in the place of the averaged network TVM is LSD. */
export const terminalVelocityIsLsd = defineLaw({
  name: "terminalVelocityIsLsd",
  title: "TVM with its own velocity is LSD",
  statement: "With the student in the place of the averaged network TVM is LSD, in value and gradient.",
  formula: String.raw`\bar U = U \Rightarrow \mathcal L_{\mathrm{TVM}} = \mathcal L_{\mathrm{LSD}}`,
  bound: 1e-13,
  broken: "the averaged network is another one",
  ...rowByRow(instances, 8),
});
