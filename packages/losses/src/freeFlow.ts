import { jvp, stopGradient } from "@pushforward/autodiff";
import { add, mul, onesLike, squaredNorm, sub } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { fromNoise, generateSample, gradientStep, sharedMetadata } from "./generatedSample.ts";

const shared = {
  stops: ["target"],
  paper: { cite: "Tong et al. 2025", arxiv: "2511.19428" },
  grade: "C",
} as const;

/** How the source was read. */
const secondHand =
  "The formula is second-hand: it was read in two summaries of the paper, which agree. The code that the authors published makes samples and does not train.";

/**
 * FreeFlow, its prediction: the map must leave its end with the teacher's velocity there, compared as an average velocity. Training starts from
 * noise alone, where teacher and student agree by definition, and sees no data.
 *
 *   L = ‖ U(X_s, s, t) − sg[ v_t(Φ) − (t − s)·∂ₜU ] ‖²,     Φ = X_s + (t − s)·U,  s = 0
 *
 * The value is that of AYF-LMD, the gradient that of AYF-LMD over t − s. A recipe adds the correction of the law of the samples. The paper's
 * time runs from data to noise; its length δ is our t.
 *
 * @source Tong et al. 2025, equations 7 to 9, second-hand
 */
export const freeFlow = defineLoss({
  ...shared,
  name: "freeFlow",
  label: "FreeFlow",
  family: "forward",
  learns: "averageVelocity",
  needs: ["teacher"],
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "any",
  timeLaw: fromNoise({ kind: "uniform" }),
  tangent: "(0, 0, 1) in (x, s, t), stopped",
  formula: String.raw`\left\lVert U - \sg{target}{v_t(\Phi) - (t - s)\, \partial_t U} \right\rVert^2,\ U = U(X_s, s, t)`,
  departs: [secondHand, "End times are uniform, because the paper's law of them was not found."],

  loss({ u, teacher, xs, s, t }) {
    const [U, dU] = jvp((end: typeof t) => u(xs, s, end), [t], [onesLike(t)]);
    const length = sub(t, s);
    const target = sub(teacher(add(xs, mul(length, U)), t), mul(length, dU));
    return squaredNorm(sub(U, stopGradient(target, "target")));
  },
});

/**
 * FreeFlow, its correction: every sample moves by the difference between the velocity of the samples and the teacher's at its noised copy.
 *
 *   L = ‖ X − sg[ X − (v_ψ − v_φ)(X_t) ] ‖²
 *
 * From pure noise X = X_0 + U(X_0, 0, 1), so that the gradient is 2·(v_ψ − v_φ)·∂U, twice the gradient that the paper writes. It is that of
 * KL_t times 2·(1 − t)/t². A recipe multiplies it by λ, which makes the mean difference as long as the mean error of the prediction.
 *
 * @source Tong et al. 2025, equation 11, second-hand
 */
export const freeFlowCorrection = defineLoss({
  ...sharedMetadata,
  ...shared,
  name: "freeFlowCorrection",
  label: "FreeFlow, correction",
  /** Towards the noise, as the paper's ablation recommends. */
  timeLaw: fromNoise({ kind: "logitNormal", mean: -0.8, std: 1 }),
  formula: String.raw`\left\lVert X - \sg{target}{X - \left(v_\psi(X_t) - v_\varphi(X_t)\right)} \right\rVert^2`,
  departs: [
    secondHand,
    "A summary says that the times are logit-normal and lie 0.8 towards the noise; mean −0.8 and deviation 1 are our reading of it.",
  ],

  loss(input) {
    const { X, fake, real } = generateSample(input);
    return gradientStep(X, sub(fake, real)).mul(2);
  },
});
