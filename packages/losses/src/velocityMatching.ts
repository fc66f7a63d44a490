import { div, mul, square, squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { fromNoise, type GeneratedInput, generateSample, inner, sharedMetadata } from "./generatedSample.ts";
import { perSample } from "./perSample.ts";

/** 2a·(Ẋ − v_φ) − ‖a‖² with a = v_ψ − v_φ, [batch]: E of it is E‖v_ψ − v_φ‖² where v_ψ is exact. */
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
 * Velocity matching: the samples' own velocity must be the teacher's at their own points.
 *
 *   L = 2a·(Ẋ − v_φ(X_t)) − ‖a‖²,   a = v_ψ(X_t) − v_φ(X_t),     E L = V_t = E‖v^θ − v_φ‖²
 *
 * ‖v_ψ − v_φ‖² itself would miss how v^θ depends on the generator. This form is the one whose maximum over all a is V_t, so
 * that the derivative with a held still, through X_t and Ẋ, is the derivative of V_t.
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
 * Fisher divergence: the same for scores, which differ by t/(1 − t) times what velocities do.
 *
 *   L = t²/(1 − t)²·[ 2a·(Ẋ − v_φ(X_t)) − ‖a‖² ],     E L = F_t = E‖s^θ − s_φ‖²
 */
export const fisher = defineLoss({
  ...shared,
  name: "fisher",
  label: "Fisher divergence",
  // Later the weight makes more of an error of ψ than of what there is to learn.
  timeLaw: fromNoise({ kind: "uniform", max: 0.6 }),
  formula: String.raw`\tfrac{t^2}{(1 - t)^2}\left[2 a \cdot (\dot X - v_\varphi(X_t)) - \left\lVert a \right\rVert^2\right],\ a = v_\psi(X_t) - v_\varphi(X_t)`,

  loss(input) {
    const odds = div(input.t, sub(1, input.t));
    return mul(square(perSample(odds, input.xs)), mismatch(input));
  },
});
