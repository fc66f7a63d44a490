import type { Loop } from "../target.ts";

/** Lines of a step with an objective of the parameters; `network` is u in terms of `params`. */
const stepLines = (network: string, frozen: readonly string[], arrays: readonly string[]): string[] => [
  "from loss import batch_loss",
  "",
  `def objective(params, ${arrays.join(", ")}):`,
  `    return batch_loss(${[network, ...frozen, ...arrays].join(", ")})`,
  "",
  `value, grads = jax.value_and_grad(objective)(params, ${arrays.join(", ")})`,
];

/** Training loops of JAX: parameters as a tree, Flax, Equinox. A network gets one sample; `x[None]` makes it a batch. */
export const jaxLoops: readonly Loop[] = [
  {
    title: "Plain JAX, with a network `apply(params, x, s, t)` of one sample",
    lines: (frozen, arrays) => [
      ...stepLines("lambda x, s, t: apply(params, x, s, t)", frozen, arrays),
      "params = jax.tree.map(lambda p, g: p - 1e-3 * g, params, grads)",
    ],
  },
  {
    title: "Flax, with a module `model` of batches and an optimiser of optax",
    lines: (frozen, arrays) => [
      ...stepLines("lambda x, s, t: model.apply(params, x[None], s[None], t[None])[0]", frozen, arrays),
      "updates, state = optimizer.update(grads, state, params)",
      "params = optax.apply_updates(params, updates)",
    ],
  },
  {
    title: "Equinox, with a module `model(x, s, t)` of one sample",
    lines: (frozen, arrays) => [
      "from loss import batch_loss",
      "",
      `value, grads = eqx.filter_value_and_grad(batch_loss)(${["model", ...frozen, ...arrays].join(", ")})`,
      "updates, state = optimizer.update(grads, state, model)",
      "model = eqx.apply_updates(model, updates)",
    ],
  },
];
