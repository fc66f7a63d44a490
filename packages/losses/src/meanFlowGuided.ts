import { sub, type TensorLike } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { GuidanceWeights } from "./lossTypes.ts";
import { meanFlow } from "./meanFlow.ts";

/** ω and κ of the guided field: its effective scale is ω/(1 − κ) = 2. @source Geng et al. 2025, settings of the smaller models */
const usual: GuidanceWeights = { omega: 1, kappa: 0.5 };

/** 1 − ω − κ, a number where both are. */
const restOf = ({ omega, kappa }: GuidanceWeights): TensorLike =>
  typeof omega === "number" && typeof kappa === "number" ? 1 - omega - kappa : sub(sub(1, omega), kappa);

/**
 * MeanFlow of a guided field, so that one step with a label needs no second evaluation without the label.
 *
 *   L = ‖ U(X_s, s, t) − sg[ v_g + (t − s) · d/ds U(X_s, s, t) ] ‖²,     d/ds = jvp along (v_g, 1, 0)
 *   v_g = ω·v + κ·U(X_s, s, s) + (1 − ω − κ)·U°(X_s, s, s)
 *
 * U has a label and U° has none. On the diagonal the fixed point is v° + ω/(1 − κ)·(v − v°), which is classifier-free guidance.
 * Without labels U° is U, and the fixed point is v. `guidance` replaces ω and κ. On a problem with labels a training drops a tenth of
 * them (`--drop-labels`), which trains U°, and guides at the times of an interval (`--guidance-from`, `--guidance-to`).
 */
export const meanFlowGuided = defineLoss({
  ...meanFlow,
  name: "meanFlowGuided",
  label: "MeanFlow with guidance",
  needs: ["unconditional"],
  departs: [
    "The paper takes plain v for a sample that lost its label. Here v_g of such a sample is ω·v + (1 − ω)·U°, which is v where ω = 1.",
  ],
  formula: String.raw`\left\lVert U - \sg{target}{v_g + (t - s) \tfrac{d}{ds} U} \right\rVert^2,\ v_g = \omega v + \kappa\, U(X_s, s, s) + (1 - \omega - \kappa)\, U^\circ(X_s, s, s)`,

  loss({ u, unconditional, guidance = usual, ...input }) {
    const { xs, v, s } = input;
    const free = unconditional(xs, s, s).mul(restOf(guidance));
    const guided = v
      .mul(guidance.omega)
      .add(u(xs, s, s).mul(guidance.kappa))
      .add(free);
    return meanFlow.loss({ ...input, u, v: guided });
  },
});
