import { losses } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { exportLoss } from "../../src/index.ts";

/** The functions of an exported loss, without the head of the file. */
const functionsOf = (text: string): string => text.slice(text.indexOf("\n\n\ndef ")).trimStart();

describe("exportLoss to torch", () => {
  it("writes MeanFlow as a person would, in at most 25 lines", () => {
    const text = exportLoss(losses.meanFlow, { to: "torch", formula: "‖U − sg[v + (t − s) dU/ds]‖²" });
    expect(text).toMatchInlineSnapshot(`
      """"MeanFlow (Geng et al. 2025, arXiv 2505.13447) as PyTorch.

          ‖U − sg[v + (t − s) dU/ds]‖²

      Time runs from noise (t = 0) to data (t = 1): v = data - noise. Where a network runs from data to noise,
      pass lambda x, s, t: -u(x, 1 - s, 1 - t).
      """

      import torch


      def loss(u, xs, v, s, t):
          """Loss of one sample: xs, v of any shape, s, t scalars.

          u(x, s, t): average velocity from s to t: x + (t - s)*u is the flow map
          """
          U, dU = torch.func.jvp(u, (xs, s, t), (v, torch.ones_like(s), torch.zeros_like(t)))  # [dim]
          target = (v + (t - s) * dU).detach()  # stop "target", [dim]
          return torch.sum((U - target)**2)


      def batch_loss(u, xs, v, s, t):
          """Mean loss of a batch, which is the first axis of all arrays."""
          one = lambda xs, v, s, t: loss(u, xs, v, s, t)
          return torch.mean(torch.func.vmap(one)(xs, v, s, t))
      "
    `);
    expect(text.split("\n\n\ndef batch_loss")[0].split("\n").length).toBeLessThanOrEqual(25);
  });

  it("collects the weights of a batch where a loss divides by their mean", () => {
    expect(functionsOf(exportLoss(losses.fDistillSoftened, { to: "torch" }))).toMatchInlineSnapshot(`
      "def loss(u, teacher, fake_velocity, ratio, normalize, xs, fresh_noise, s, t):
          """Loss of one sample: xs, fresh_noise of any shape, s, t scalars.

          u(x, s, t): average velocity from s to t: x + (1 - s)*u(x, s, 1) is a sample
          teacher(x, t): velocity of a frozen teacher
          fake_velocity(x, t, s): velocity of the generator's samples, parameters stopped
          ratio(x, t): density of data over that of samples, parameters stopped
          normalize(w): w over its mean in the batch
          """
          X = xs + (1 - s) * u(xs, s, torch.ones_like(s))  # [dim]
          x_t = t * X + (1 - t) * fresh_noise  # [dim]
          weight = normalize(1 / (ratio(x_t, t) + 1))  # scalar
          X_teacher = x_t + (1 - t) * teacher(x_t, t)  # [dim]
          difference = x_t + (1 - t) * fake_velocity(x_t, t, s) - X_teacher  # [dim]
          ratio_2 = torch.sum(torch.abs(X - X_teacher)) / xs.numel()  # scalar
          upper = torch.maximum(ratio_2, torch.full_like(ratio_2, 0.00001))  # scalar
          target = (X - weight * (difference / upper)).detach()  # stop "target", [dim]
          return torch.sum((X - target)**2) * 0.5 / xs.numel()


      def batch_loss(u, teacher, fake_velocity, ratio, xs, fresh_noise, s, t):
          """Mean loss of a batch, which is the first axis of all arrays."""
          # vmap has no mean over its axis: a first pass collects the weights of the batch.
          def weight_of(xs, fresh_noise, s, t):
              seen = []
              normalize = lambda w: seen.append(w) or w
              loss(u, teacher, fake_velocity, ratio, normalize, xs, fresh_noise, s, t)
              (weight,) = seen
              return weight

          mean_weight = torch.mean(torch.func.vmap(weight_of)(xs, fresh_noise, s, t))
          normalize = lambda w: w / mean_weight
          one = lambda xs, fresh_noise, s, t: loss(u, teacher, fake_velocity, ratio, normalize, xs, fresh_noise, s, t)
          return torch.mean(torch.func.vmap(one)(xs, fresh_noise, s, t))
      "
    `);
  });

  it("takes times that are numbers in the dtype and on the device of a point", () => {
    expect(functionsOf(exportLoss(losses.pairRegression, { to: "torch" }))).toMatchInlineSnapshot(`
      "def loss(u, pairs_noise, pairs_data):
          """Loss of one sample: pairs_noise, pairs_data of any shape.

          u(x, s, t): average velocity from s to t: x + (1 - s)*u(x, s, 1) is a sample
          """
          U = u(pairs_noise, pairs_noise.new_full((), 0), pairs_noise.new_full((), 1))  # [dim]
          return torch.sum((pairs_noise + U - pairs_data)**2)


      def batch_loss(u, pairs_noise, pairs_data):
          """Mean loss of a batch, which is the first axis of all arrays."""
          one = lambda pairs_noise, pairs_data: loss(u, pairs_noise, pairs_data)
          return torch.mean(torch.func.vmap(one)(pairs_noise, pairs_data))
      "
    `);
  });

  it("stops tangents as well: no text uses no_grad", () => {
    for (const loss of Object.values(losses)) expect(exportLoss(loss, { to: "torch" })).not.toContain("no_grad");
  });
});
