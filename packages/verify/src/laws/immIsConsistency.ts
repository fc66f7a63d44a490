import { firstOrderFlowMap, interpolate } from "@pushforward/flows";
import { kernelDiscrepancy, losses } from "@pushforward/losses";
import { add, div, exp, maximum, mul, onesLike, reshape, sqrt, square, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowGradients, rowJets } from "../lossInstance.ts";
import { type RowParameters, rowAverageVelocity } from "../rowNetwork.ts";

/** b of IMM's weight. */
const offset = 4;

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const { s, r, noise, data, xs } = samples;
  const t = onesLike(s);
  const consistency = lossOf(losses.consistencyTraining, samples, { delta: sub(r, s) });
  // A = Φ(X_s, s, 1) and B = Φ(X_r, r, 1) of a student with frozen parameters
  const frozen = firstOrderFlowMap(rowAverageVelocity(parameters));
  const target = frozen(interpolate(noise, data, r), r, t);
  const residual = (p: RowParameters): Tensor =>
    kernelDiscrepancy(firstOrderFlowMap(rowAverageVelocity(p))(xs, s, t), target, {
      group: 1,
      kernel: (squared) => mul(isBroken ? -1 : -0.5, squared),
    });
  const distance = sqrt(maximum(reshape(consistency(parameters), [n, 1]), 1e-8));
  const [clean, noisy] = [square(s), square(sub(1, s))];
  const weight = div(mul(s, sub(1, s)), mul(add(clean, noisy), add(noisy, mul(Math.exp(-offset), clean))));
  const scale = div(1, mul(dim, sub(t, s)));
  // d/dρ of 2·(1 − e^(−ρ·scale)) over that of ρ²
  const factor = div(mul(mul(weight, scale), exp(mul(-1, mul(scale, distance)))), distance);
  return worstOf(
    rowGaps(rowJets(residual, parameters), rowJets(consistency, parameters)),
    rowGaps(
      rowGradients(lossOf(losses.imm, samples, { t, group: 1 }), parameters),
      mul(factor, rowGradients(consistency, parameters)),
    ),
  );
}

/** Inductive moment matching of single samples is consistency training, up to a factor. */
export const immIsConsistency = defineLaw({
  name: "immIsConsistency",
  title: "IMM of one sample is consistency training",
  statement:
    "With groups of one sample and the kernel −½‖x − y‖² inductive moment matching is the residual of consistency training, in value and gradient; with its own kernel its gradient is a factor times that one.",
  formula: String.raw`M = 1, k = -\tfrac12 \lVert x - y\rVert^2:\ \mathcal L_{\mathrm{IMM}} = \lVert \Phi(X_s, s, 1) - \mathrm{sg}[\Phi(X_r, r, 1)]\rVert^2,\qquad M = 1:\ \nabla\mathcal L_{\mathrm{IMM}} = \frac{w e^{-\rho/(D (1 - s))}}{D (1 - s) \rho} \nabla\rho^2`,
  bound: 1e-12,
  broken: "the kernel is −‖x − y‖²",
  ...rowByRow(instances, 8),
});
