import { losses } from "@pushforward/losses";
import { mul, reshape, square, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { limitAtZero } from "../limitAtZero.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";

/** c of the normalised tangent. */
const softness = 0.1;

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const value = (loss: Parameters<typeof lossOf>[0], changes: Parameters<typeof lossOf>[2] = {}) =>
    reshape(lossOf(loss, samples, changes)(parameters), [n, 1]);
  const limit = limitAtZero((step) => {
    const changes = { r: sub(samples.t, step), solve: samples.eulerStep };
    return mul(1 / step, rowGradients(lossOf(losses.globalForward, samples, changes), parameters));
  });
  const lagrangian = isBroken ? losses.localForwardSemi : losses.ayfLmd;
  // (‖Δ‖/(‖Δ‖ + c))² of the backward residual Δ
  const length = value(losses.backwardExact).sqrt();
  const normalised = square(length.div(length.add(softness)));
  return worstOf(
    rowGaps(value(losses.ayfLmd), value(losses.localForward)),
    rowGaps(limit, rowGradients(lossOf(lagrangian, samples), parameters)),
    rowGaps(value(losses.ayfEmd, { warmup: 1 }), normalised),
  );
}

/** Both losses of Align Your Flow in terms of other losses. */
export const alignYourFlow = defineLaw({
  name: "alignYourFlow",
  title: "Align Your Flow: limit and normalisation",
  statement:
    "AYF's forward loss has the value of the local forward loss, and its gradient is the limit of the stopped global forward loss's gradient over the length of a short Euler step; its backward loss at full warm-up is the normalised backward residual.",
  formula: String.raw`\frac1\varepsilon\nabla\mathcal L_{\mathrm{solver}}(r = t - \varepsilon) \to \nabla\mathcal L_{\mathrm{AYF-LMD}},\qquad \mathcal L_{\mathrm{AYF-EMD}} = \left(\frac{\lVert\Delta\rVert}{\lVert\Delta\rVert + c}\right)^2,\quad \Delta = \partial_s\Phi + \nabla\Phi v_s`,
  bound: 1e-7,
  broken: "the limit is sought in the semi-gradient of the local loss",
  ...rowByRow(instances, 8),
});
