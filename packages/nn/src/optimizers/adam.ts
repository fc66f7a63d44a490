import {
  add,
  clip,
  div,
  expm1,
  isFinite,
  mul,
  neg,
  optionsOf,
  sqrt,
  square,
  sub,
  type Tensor,
  where,
} from "@pushforward/tensor";
import { checkNumber } from "../checkNumber.ts";
import { type LeafInput, type LearningRate, leafwise, type Optimizer } from "./optimizer.ts";

/** Settings of adam. */
export interface AdamOptions {
  readonly learningRate: LearningRate;
  /** β₁, decay of the mean; default 0.9. */
  readonly beta1?: number;
  /** β₂, decay of the mean square; default 0.999. */
  readonly beta2?: number;
  /** ε, added to the root; default 1e-8. */
  readonly epsilon?: number;
}

/** Settings of adamW. */
export interface AdamWOptions extends AdamOptions {
  /** λ, the pull towards zero in units of the learning rate; default 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam: a step along the mean gradient in units of its root mean square.
 *
 *   m ← β₁m + (1 − β₁)g;   n ← β₂n + (1 − β₂)g²
 *   p ← p − η·m̂/(√n̂ + ε),   m̂ = m/(1 − β₁ᵏ),   n̂ = n/(1 − β₂ᵏ) at update k = 1, 2, …
 *
 * A finite gradient is limited to 2⁶² (float32) or 2⁵¹⁰ (float64). The square of a larger gradient would overflow, and the step
 * would be 0.
 *
 * @source Kingma and Ba 2015, algorithm 1; the same as PyTorch's torch.optim.Adam
 */
export const adam = (options: AdamOptions): Optimizer =>
  adaptiveMoments("adam", { ...optionsOf("adam", options), weightDecay: 0 });

/**
 * AdamW: Adam after a pull towards zero that does not pass through the moments.
 *
 *   p ← p − ηλp, then Adam's step
 *
 * @source Loshchilov and Hutter 2019, algorithm 2; the same as PyTorch's torch.optim.AdamW
 */
export const adamW = (options: AdamWOptions): Optimizer => adaptiveMoments("adamW", options);

function adaptiveMoments(name: string, options: AdamWOptions): Optimizer {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = optionsOf(name, options);
  for (const [beta, value] of Object.entries({ beta1, beta2 })) checkNumber(name, beta, value, { from: 0, below: 1 });
  for (const [each, value] of Object.entries({ epsilon, weightDecay })) checkNumber(name, each, value, { from: 0 });
  return leafwise({
    name,
    learningRate,
    slots: ["mean", "square"],
    leaf: ({ p, g: gradient, slots, step: k, learningRate: eta }: LeafInput<"mean" | "square">) => {
      const g = withSquare(gradient);
      const m = add(mul(beta1, slots.mean), mul(1 - beta1, g));
      const n = add(mul(beta2, slots.square), mul(1 - beta2, square(g)));
      const direction = div(div(m, oneMinusPower(beta1, k)), add(sqrt(div(n, oneMinusPower(beta2, k))), epsilon));
      const decayed = weightDecay === 0 ? p : sub(p, mul(mul(eta, weightDecay), p));
      return { p: sub(decayed, mul(eta, direction)), slots: { mean: m, square: n } };
    },
  });
}

/** Limits a gradient so that its square is in range. An infinite gradient stays infinite, and the step is NaN. */
function withSquare(g: Tensor): Tensor {
  const most = g.dtype === "float32" ? 2 ** 62 : 2 ** 510;
  return where(isFinite(g), clip(g, -most, most), g);
}

/** 1 − βᵏ = −expm1(k·ln β): in float32 the difference would lose four digits at the first steps. */
const oneMinusPower = (beta: number, k: Tensor): Tensor | number =>
  beta === 0 ? 1 : neg(expm1(mul(k, Math.log(beta))));
