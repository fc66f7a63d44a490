import { adaptiveWeight, losses } from "@pushforward/losses";
import { add, div, mul, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { limitAtZero } from "../limitAtZero.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";
import type { RowParameters } from "../rowNetwork.ts";
import { withoutWeight } from "../withoutWeight.ts";

/** The constant of α-Flow's weight. */
const c = 0.001;

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const { s, t, noise, data } = samples;
  const v = sub(data, noise);
  const short = (alpha: number) => lossOf(losses.alphaFlow, samples, { r: add(s, mul(alpha, sub(t, s))) });
  // The gradient of e vanishes with α.
  const limit = limitAtZero((alpha) => {
    const { slopes } = withoutWeight(short(alpha), parameters, { factor: alpha, c });
    return isBroken ? slopes : mul(1 / alpha, slopes);
  });
  const meanFlow = lossOf(losses.meanFlow, samples, { v });
  const error = (p: RowParameters): Tensor => div(meanFlow(p), dim);
  const weighted = (p: RowParameters): Tensor => adaptiveWeight(error(p), { p: 1, c });
  return worstOf(
    rowGaps(limit, rowGradients(error, parameters)),
    rowGaps(rowGradients(short(0), parameters), rowGradients(weighted, parameters)),
  );
}

/** α-Flow over α with small α is MeanFlow; with the adaptive weight it is α-Flow at α = 0. */
export const alphaFlowTendsToMeanFlow = defineLaw({
  name: "alphaFlowTendsToMeanFlow",
  title: "α-Flow over α → MeanFlow",
  statement:
    "As α tends to zero the gradient of e over α, e being α-Flow without its weight, tends to that of MeanFlow; at α = 0 α-Flow is MeanFlow with the weight.",
  formula: String.raw`\tfrac1\alpha \nabla e_{\alpha} \to \tfrac1D \nabla\mathcal L_{\mathrm{MeanFlow}}`,
  bound: 1e-7,
  broken: "the gradient is not divided by α",
  ...rowByRow(instances, 6),
});
