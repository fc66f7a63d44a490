import { div, mul, square, squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { fromNoise, type GeneratedInput, generateSample, inner, sharedMetadata } from "./generatedSample.ts";
import { perSample } from "./perSample.ts";

/** 2a·(Ẋ − v_φ) − ‖a‖² with a = v_ψ − v_φ, [batch]: the expectation is E‖v_ψ − v_φ‖² if v_ψ is exact. */
function mismatch(input: GeneratedInput): Tensor {
  const { dX, fake, real } = generateSample(input);
  const a = fake.sub(real);
  return inner(a, dX.sub(real)).mul(2).sub(squaredNorm(a));
}

const shared = {
  ...sharedMetadata,
  stops: [],
  paper: { cite: "Zhou et al. 2024", arxiv: "2404.04057" },
  grade: "C",
} as const;

/**
 * Velocity matching: at the samples' noised points their velocity must equal the teacher's.
 *
 *   L = 2a·(Ẋ − v_φ(X_t)) − ‖a‖²,   a = v_ψ(X_t) − v_φ(X_t),     E L = V_t = E‖v^θ − v_φ‖²
 *
 * ‖v_ψ − v_φ‖² itself would miss the dependence of v^θ on the generator. The maximum of L over all fields a is V_t. The
 * derivative of L through X_t and Ẋ with a constant field a is therefore the derivative of V_t.
 */
export const velocityMatching = defineLoss({
  ...shared,
  name: "velocityMatching",
  label: "Velocity matching",
  timeLaw: fromNoise({ kind: "uniform" }),
  formula: String.raw`2 a \cdot (\dot X - v_\varphi(X_t)) - \left\lVert a \right\rVert^2,\ a = v_\psi(X_t) - v_\varphi(X_t)`,
  loss: mismatch,
});

/**
 * Fisher divergence: velocity matching for scores. The difference of scores is t/(1 − t) times the difference of velocities.
 *
 *   L = t²/(1 − t)²·[ 2a·(Ẋ − v_φ(X_t)) − ‖a‖² ],     E L = F_t = E‖s^θ − s_φ‖²
 */
export const fisher = defineLoss({
  ...shared,
  name: "fisher",
  label: "Fisher divergence",
  // At later times the weight would amplify errors of ψ above the signal.
  timeLaw: fromNoise({ kind: "uniform", max: 0.6 }),
  formula: String.raw`\tfrac{t^2}{(1 - t)^2}\left[2 a \cdot (\dot X - v_\varphi(X_t)) - \left\lVert a \right\rVert^2\right],\ a = v_\psi(X_t) - v_\varphi(X_t)`,

  loss(input) {
    const odds = div(input.t, sub(1, input.t));
    return mul(square(perSample(odds, input.xs)), mismatch(input));
  },
});
