import { defineLoss } from "./defineLoss.ts";
import { meanFlow } from "./meanFlow.ts";

/** ω and κ of the guided field: its effective scale is ω/(1 − κ) = 2. @source Geng et al. 2025, settings of the smaller models */
const guidance = { scale: 1, mix: 0.5 } as const;

/**
 * MeanFlow of a guided field, so that one step with a label needs no second evaluation without the label.
 *
 *   L = ‖ U(X_s, s, t) − sg[ v_g + (t − s) · d/ds U(X_s, s, t) ] ‖²,     d/ds = jvp along (v_g, 1, 0)
 *   v_g = ω·v + κ·U(X_s, s, s) + (1 − ω − κ)·U°(X_s, s, s)
 *
 * U has a label and U° has none. On the diagonal the fixed point is v° + ω/(1 − κ)·(v − v°), which is classifier-free guidance.
 * Without labels U° is U, and the fixed point is v. A recipe drops some labels at random, which trains U°.
 */
export const meanFlowGuided = defineLoss({
  ...meanFlow,
  name: "meanFlowGuided",
  label: "MeanFlow with guidance",
  needs: ["unconditional"],
  formula: String.raw`\left\lVert U - \sg{target}{v_g + (t - s) \tfrac{d}{ds} U} \right\rVert^2,\ v_g = \omega v + \kappa\, U(X_s, s, s) + (1 - \omega - \kappa)\, U^\circ(X_s, s, s)`,

  loss({ u, unconditional, ...input }) {
    const { xs, v, s } = input;
    const free = unconditional(xs, s, s).mul(1 - guidance.scale - guidance.mix);
    const guided = v
      .mul(guidance.scale)
      .add(u(xs, s, s).mul(guidance.mix))
      .add(free);
    return meanFlow.loss({ ...input, u, v: guided });
  },
});
