import type { Loop } from "../target.ts";

/** Training loops of PyTorch: a module with an optimiser, and parameters as a dictionary. A network gets one sample; `x[None]` makes it a batch. */
export const torchLoops: readonly Loop[] = [
  {
    title: "PyTorch, with a module `model` of batches and an optimiser",
    lines: (frozen, arrays) => [
      "from loss import batch_loss",
      "",
      "# Fused attention has no jvp; torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH) selects one that has.",
      "u = lambda x, s, t: model(x[None], s[None], t[None])[0]",
      `value = batch_loss(${["u", ...frozen, ...arrays].join(", ")})`,
      "optimizer.zero_grad()",
      "value.backward()",
      "optimizer.step()",
    ],
  },
  {
    title: "torch.func, with the parameters of a module as a dictionary `params`",
    lines: (frozen, arrays) => [
      "from loss import batch_loss",
      "",
      `def objective(params, ${arrays.join(", ")}):`,
      "    u = lambda x, s, t: torch.func.functional_call(model, params, (x[None], s[None], t[None]))[0]",
      `    return batch_loss(${["u", ...frozen, ...arrays].join(", ")})`,
      "",
      `grads, value = torch.func.grad_and_value(objective)(params, ${arrays.join(", ")})`,
      "params = {name: p - 1e-3 * grads[name] for name, p in params.items()}",
    ],
  },
];
