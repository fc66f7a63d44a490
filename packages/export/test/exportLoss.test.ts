import { losses } from "@pushforward/losses";
import { DomainError } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { exportLoss, type TargetName, targets } from "../src/index.ts";

const targetNames = Object.keys(targets) as TargetName[];
const lossNames = Object.values(losses).map(({ name }) => name as keyof typeof losses);

describe("exportLoss", () => {
  it("writes MeanFlow as a person would, in at most 25 lines", () => {
    const text = exportLoss(losses.meanFlow, { to: "jax", formula: "‖U − sg[v + (t − s) dU/ds]‖²" });
    expect(text).toMatchInlineSnapshot(`
      """"MeanFlow (Geng et al. 2025, arXiv 2505.13447) as JAX.

          ‖U − sg[v + (t − s) dU/ds]‖²

      Time runs from noise (t = 0) to data (t = 1): v = data - noise. Where a network runs from data to noise,
      pass lambda x, s, t: -u(x, 1 - s, 1 - t).
      """

      import jax
      import jax.numpy as jnp


      def loss(u, xs, v, s, t):
          """Loss of one sample: xs, v of any shape, s, t scalars.

          u(x, s, t): average velocity from s to t: x + (t - s)*u is the flow map
          """
          U, dU = jax.jvp(u, (xs, s, t), (v, jnp.ones_like(s), jnp.zeros_like(t)))  # [dim]
          target = jax.lax.stop_gradient(v + (t - s) * dU)  # stop "target", [dim]
          return jnp.sum((U - target)**2)


      def batch_loss(u, xs, v, s, t):
          """Mean loss of a batch, which is the first axis of all arrays."""
          one = lambda xs, v, s, t: loss(u, xs, v, s, t)
          return jnp.mean(jax.vmap(one)(xs, v, s, t))
      "
    `);
    expect(text.split("\n\n\ndef batch_loss")[0].split("\n").length).toBeLessThanOrEqual(25);
  });

  it.each(targetNames)("writes every loss for %s, with a stop-gradient for each label", (to) => {
    for (const name of lossNames) {
      const loss = losses[name];
      const text = exportLoss(loss, { to });
      for (const stop of loss.stops) expect(text, name).toContain(`stop "${stop}"`);
      expect(text, name).toMatch(/^def loss\(u, /m);
      expect(text, name).toMatch(/^def batch_loss\(u, /m);
    }
  });

  it.each(targetNames)("leaves out stop-gradients for %s", (to) => {
    expect(exportLoss(losses.meanFlow, { to, withoutStops: ["target"] })).not.toContain('stop "target"');
  });

  it("refuses unknown targets and labels", () => {
    expect(() => exportLoss(losses.meanFlow, { to: "jex" as TargetName })).toThrow(
      new DomainError(`exportLoss: to must be one of ${targetNames.join(", ")}, got "jex"; did you mean jax?`),
    );
    expect(() => exportLoss(losses.meanFlow, { to: "jax", withoutStops: ["targt"] })).toThrow(
      new DomainError(
        'exportLoss: the stop-gradient of meanFlow must be one of target, got "targt"; did you mean target?',
      ),
    );
  });
});
