import { add, div, mul, square, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { fromNoise, generateSample, gradientStep, innerTimes, sharedMetadata } from "./generatedSample.ts";

// The gradient of KL(ρ^θ_t ‖ ρ_t) moves every sample by the difference of two velocities at its noised copy. Each loss in this
// file has this gradient with its own weights of the times: L = ½‖X − sg[X − g]‖² has the value ½‖g‖² and the gradient g in X.

const shared = { ...sharedMetadata, stops: ["target"] } as const;

const pulled = String.raw`\tfrac12 \left\lVert X - \sg{target}{X - g} \right\rVert^2,\ g = `;

/**
 * Integrated KL: the exact gradient of KL_t, with the same weight for all times.
 *
 *   L = ½‖X − sg[X − g]‖²,   g = t²/(1 − t)·(v_ψ − v_φ)(X_t) = t·(s_ψ − s_φ)(X_t),     E ∂L/∂θ = ∂KL_t/∂θ
 */
export const integratedKl = defineLoss({
  ...shared,
  name: "integratedKl",
  label: "Integrated KL",
  timeLaw: fromNoise(innerTimes),
  formula: String.raw`${pulled}\tfrac{t^2}{1 - t}\left(v_\psi(X_t) - v_\varphi(X_t)\right)`,
  paper: { cite: "Luo et al. 2023", arxiv: "2305.18455" },
  grade: "C",

  loss(input) {
    const { t } = input;
    const { X, fake, real } = generateSample(input);
    return gradientStep(X, mul(div(square(t), sub(1, t)), fake.sub(real)));
  },
});

/**
 * Diff-Instruct: integrated KL weighted as the denoisers' difference.
 *
 *   L = ½‖X − sg[X − g]‖²,   g = (1 − t)·(v_ψ − v_φ)(X_t) = D_ψ(X_t) − D_φ(X_t)
 */
export const diffInstruct = defineLoss({
  ...shared,
  name: "diffInstruct",
  label: "Diff-Instruct",
  // ln σ ~ N(−1.2, 1.2²) for the paper's noise level σ.
  timeLaw: fromNoise({ kind: "logitNormal", mean: 1.2, std: 1.2 }),
  formula: String.raw`${pulled}(1 - t)\left(v_\psi(X_t) - v_\varphi(X_t)\right)`,
  paper: { cite: "Luo et al. 2023", arxiv: "2305.18455" },
  grade: "A",

  loss(input) {
    const { X, fake, real } = generateSample(input);
    return gradientStep(X, mul(sub(1, input.t), fake.sub(real)));
  },
});

/** Steps 20 to 980 of Stable Diffusion: times from 0.071 to 0.879, with the median 0.38. */
const ddpmLevels = { kind: "ddpm", from: 20, to: 981 } as const;

/** σ̄² = (1 − t)²/(t² + (1 − t)²): the noise's fraction of the variance on the variance-preserving path. */
const noiseShare = (t: Tensor): Tensor => div(square(sub(1, t)), add(square(t), square(sub(1, t))));

/** g = σ̄²·t·(v_ψ − v_φ), which is σ̄²·(ε_φ − ε_ψ). */
const noiseGap = (t: Tensor, fake: Tensor, real: Tensor): Tensor => mul(mul(noiseShare(t), t), fake.sub(real));

/**
 * Variational score distillation: the noise predictions' difference, weighted by the noise's fraction of the variance.
 *
 *   L = ½‖X − sg[X − g]‖²,   g = σ̄²·t·(v_ψ − v_φ)(X_t),   σ̄² = (1 − t)²/(t² + (1 − t)²)
 *
 * With the true noise instead of ψ's prediction the loss is score distillation sampling (SDS).
 */
export const vsd = defineLoss({
  ...shared,
  name: "vsd",
  label: "VSD",
  /** @source official code: t_range 0.02 to 0.98 of the steps; below step 501 after t5_iters = 5000 iterations */
  timeLaw: fromNoise({ ...ddpmLevels, anneal: { after: 5000, to: 501 } }),
  departs: ["Every sample draws its own step; the code draws one for its batch of a few pictures."],
  formula: String.raw`${pulled}\bar\sigma^2 t \left(v_\psi(X_t) - v_\varphi(X_t)\right),\ \bar\sigma^2 = \tfrac{(1 - t)^2}{t^2 + (1 - t)^2}`,
  paper: { cite: "Wang et al. 2023", arxiv: "2305.16213" },
  grade: "A",

  loss(input) {
    const { X, fake, real } = generateSample(input);
    return gradientStep(X, noiseGap(input.t, fake, real));
  },
});

/**
 * SwiftBrush: VSD for a one-step student, with the mean over coordinates instead of the sum.
 *
 *   L = ½·mean (X − sg[X − g])²,   g = σ̄²·t·(v_ψ − v_φ)(X_t)
 */
export const swiftBrush = defineLoss({
  ...shared,
  name: "swiftBrush",
  label: "SwiftBrush",
  /** @source official code: randint(0.02·1000, 0.981·1000) of the steps */
  timeLaw: fromNoise(ddpmLevels),
  formula: String.raw`\tfrac{1}{2 d} \left\lVert X - \sg{target}{X - g} \right\rVert^2,\ g = \bar\sigma^2 t \left(v_\psi(X_t) - v_\varphi(X_t)\right),\ \bar\sigma^2 = \tfrac{(1 - t)^2}{t^2 + (1 - t)^2}`,
  paper: { cite: "Nguyen and Tran 2024", arxiv: "2312.05239" },
  grade: "A",

  loss(input) {
    const { X, fake, real } = generateSample(input);
    return gradientStep(X, noiseGap(input.t, fake, real)).div(X.shape[X.rank - 1]);
  },
});
