/**
 * A loss of your own; it starts as MeanFlow. Train it, explain it, compare it:
 *
 *   npx --yes pnpm@10 pushforward train ./myLoss.ts
 *   npx --yes pnpm@10 pushforward explain ./myLoss.ts
 *   npx --yes pnpm@10 pushforward compare ./myLoss.ts meanFlow
 */
import { jvp, stopGradient } from "@pushforward/autodiff";
import { defineLoss, recipe as makeRecipe, term } from "@pushforward/losses";
import { onesLike, squaredNorm, zerosLike } from "@pushforward/tensor";

/**
 *   L = ‖ U(X_s, s, t) − sg[ v + (t − s) · d/ds U(X_s, s, t) ] ‖²,     d/ds = jvp along (v, 1, 0)
 */
const myLoss = defineLoss({
  name: "myLoss",
  label: "My loss",
  family: "backward",
  // The kind of the trained function: averageVelocity gives the body u(x, s, t), flowMap gives phi(x, s, t).
  learns: "averageVelocity",
  // Further inputs of the body, such as "teacher", "r" (a time between s and t) or "delta" (a step in time).
  needs: [],
  // The label of every stop-gradient of the body. The command checks this list.
  stops: ["target"],
  // The value at the exact map is zero; or only the expected gradient is: "stationary"; or neither: "biased".
  optimum: "zero",
  // Whether v may be the velocity of single samples, X_1 − X_0.
  conditionalVelocity: "unbiased",
  times: "sorted",
  // s = t on three quarters of the batch, otherwise two sorted logit-normal times.
  timeLaw: { kind: "diagonalMix", fraction: 0.75, law: { kind: "logitNormalPair", mean: 0.4, std: 1 } },
  tangent: "(v, 1, 0) in (x, s, t), stopped",
  // The body takes the velocity of its tangent from the input along, so that myLoss@tangent=own may replace it.
  along: true,
  formula: String.raw`\left\lVert U(X_s, s, t) - \sg{target}{v + (t - s) \tfrac{d}{ds} U(X_s, s, t)} \right\rVert^2`,
  paper: null,
  grade: "C",

  // xs [batch, dim] lies at time s [batch, 1]; the result is one number per sample, [batch].
  loss({ u, xs, v, along = v, s, t }) {
    const [U, dU] = jvp(u, [xs, s, t], [along, onesLike(s), zerosLike(t)]);
    const target = stopGradient(v.add(t.sub(s).mul(dU)), "target");
    return squaredNorm(U.sub(target));
  },
});

export default myLoss;

/** How it is trained. Without this export defaultRecipe gives the recipe. */
export const recipe = makeRecipe({
  terms: [term({ loss: myLoss, weighting: { kind: "adaptive", p: 1, c: 0.01 } })],
  emaDecay: 0.9999,
  short: { offDiagonal: 0.75 },
});
