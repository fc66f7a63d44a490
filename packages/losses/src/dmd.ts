import { div, squaredNorm, type Tensor, zerosLike } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import {
  denoised,
  fromNoise,
  type GeneratedInput,
  type GeneratedSample,
  generateSample,
  gradientStep,
  meanDistance,
  sharedMetadata,
} from "./generatedSample.ts";

/** g = (D_ψ − D_φ)/mean|X − D_φ| at X_t, [batch, dim]. */
export function normalizedGap({ X, xt, fake, real }: GeneratedSample, t: Tensor): Tensor {
  const [Dpsi, Dphi] = [denoised(xt, fake, t), denoised(xt, real, t)];
  return div(Dpsi.sub(Dphi), meanDistance(X, Dphi));
}

/** ½·mean (X − sg[X − g])². */
function matching(input: GeneratedInput): Tensor {
  const sample = generateSample(input);
  const g = normalizedGap(sample, input.t);
  return gradientStep(sample.X, g).div(g.shape[g.rank - 1]);
}

/** Noise levels from 2 % to 98 % of the Karras grid. @source official code of DMD2 */
export const mostLevels = { kind: "karras", min: 0.02, max: 0.98 } as const;

const shared = {
  ...sharedMetadata,
  stops: ["target"],
  formula: String.raw`\tfrac{1}{2 d} \left\lVert X - \sg{target}{X - g} \right\rVert^2,\ g = \frac{D_\psi(X_t) - D_\varphi(X_t)}{\operatorname{mean} \lvert X - D_\varphi(X_t) \rvert}`,
  grade: "A",
  loss: matching,
} as const;

const paperOfDmd2 = { cite: "Yin et al. 2024", arxiv: "2405.14867" } as const;

/**
 * Distribution matching distillation: the KL gradient of every sample over the sample's distance from the teacher's prediction.
 *
 *   L = ½·mean (X − sg[X − g])²,   g = (D_ψ − D_φ)(X_t)/mean|X − D_φ(X_t)|
 *
 * The mean over coordinates makes the gradient g/dim. A recipe adds regression on pairs of the teacher.
 */
export const dmd = defineLoss({
  ...shared,
  name: "dmd",
  label: "DMD",
  departs: [
    "The paper's gradient has a further factor α_t, the factor of the data in X_t; the code that its authors published with DMD2 has none, and this loss has none.",
  ],
  timeLaw: fromNoise(mostLevels),
  paper: { cite: "Yin et al. 2023", arxiv: "2311.18828" },
});

/**
 * DMD2: DMD without pairs. A recipe adds more updates of ψ and an adversarial term.
 *
 *   L = ½·mean (X − sg[X − g])²,   g = (D_ψ − D_φ)(X_t)/mean|X − D_φ(X_t)|,   X = G(X_s, s)
 */
export const dmd2 = defineLoss({
  ...shared,
  name: "dmd2",
  label: "DMD2",
  timeLaw: fromNoise(mostLevels),
  paper: paperOfDmd2,
});

/** DMD2 in four steps on the schedule of Stable Diffusion, whose inputs are samples of the student from the step before. */
export const dmd2FourStep = defineLoss({
  ...shared,
  name: "dmd2FourStep",
  label: "DMD2, four steps",
  /** @source official code, experiments/sdxl: min_step_percent 0.02, max_step_percent 0.98 of the steps */
  timeLaw: fromNoise({ kind: "ddpm", from: 20, to: 981 }),
  paper: paperOfDmd2,
});

/**
 * Regression on pairs of noise and the end point of the teacher's flow.
 *
 *   L = ‖ G(z, 0) − y ‖²,   y = the teacher's Φ(z, 0, 1), computed in advance
 */
export const pairRegression = defineLoss({
  ...sharedMetadata,
  name: "pairRegression",
  label: "Regression on pairs",
  family: "forward",
  needs: ["pairs"],
  stops: [],
  timeLaw: fromNoise({ kind: "uniform" }),
  formula: String.raw`\left\lVert G(z, 0) - y \right\rVert^2`,
  paper: { cite: "Yin et al. 2023", arxiv: "2311.18828" },
  grade: "C",
  departs: ["The distance is Euclidean; the paper's distance is perceptual."],

  loss({ generator, pairs, s }) {
    return squaredNorm(generator(pairs.noise, zerosLike(s)).sub(pairs.data));
  },
});
