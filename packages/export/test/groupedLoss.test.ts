import { describe, expect, it } from "vitest";
import { groupedLoss } from "../../losses/test/support/groupedLoss.ts";
import { exportLoss } from "../src/index.ts";

describe("a loss that compares samples", () => {
  it("is written for one group, and a batch of groups", () => {
    const text = exportLoss(groupedLoss, { to: "jax", formula: "‖mean Φ − sg[mean X_1]‖²" });
    expect(text.slice(text.indexOf("def loss"))).toMatchInlineSnapshot(`
      "def loss(u, xs, data, s, t):
          """Loss of each of 3 samples, which it compares: xs, data [3, dim], s, t scalars. Functions take all samples at once.

          u(x, s, t): average velocity from s to t: x + (t - s)*u is the flow map
          """
          total = jnp.sum((xs + (t - s) * u(xs, s, t))[None], axis=1)  # [1, dim]
          target = jax.lax.stop_gradient(jnp.sum(data[None], axis=1) / 3)  # stop "target", [1, dim]
          return jnp.broadcast_to(jnp.sum((total / 3 - target)**2, axis=1), (1, 3)).reshape(3)


      def batch_loss(u, xs, data, s, t):
          """Mean loss of a batch, the first axis of all arrays: groups of 3 consecutive samples at the same times."""
          u = jax.vmap(u, in_axes=(0, None, None))
          in_groups = lambda x: x.reshape(-1, 3, *x.shape[1:])
          one = lambda xs, data, s, t: loss(u, xs, data, s[0], t[0])
          return jnp.mean(jax.vmap(one)(in_groups(xs), in_groups(data), in_groups(s), in_groups(t)))
      "
    `);
  });
});
