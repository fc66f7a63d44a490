import { stopGradient } from "@pushforward/autodiff";
import { div, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import {
  denoised,
  fromNoise,
  type GeneratedInput,
  type GeneratedSample,
  generateSample,
  inner,
  meanDistance,
  sharedMetadata,
} from "./generatedSample.ts";
import type { StartLaw } from "./timeLaws.ts";

/** The first 800 of 1000 Karras levels. @source official code of SiD: tmax 800 */
export const cleanLevels: StartLaw = { kind: "karras", max: 0.8 };

/** (D_φ − D_ψ)·[(D_φ − X) − α(D_φ − D_ψ)] over a weight [batch, 1], [batch]. */
function scoreIdentity(
  { X, xt, fake, real }: GeneratedSample,
  t: Tensor,
  alpha: number,
  weightOf: (X: Tensor, Dphi: Tensor) => Tensor | number,
): Tensor {
  const [Dpsi, Dphi] = [denoised(xt, fake, t), denoised(xt, real, t)];
  const a = Dphi.sub(Dpsi);
  return inner(a, div(Dphi.sub(X).sub(a.mul(alpha)), weightOf(X, Dphi)));
}

/** sg[mean|X − D_φ|]. */
const distanceWeight = (X: Tensor, Dphi: Tensor): Tensor => stopGradient(meanDistance(X, Dphi), "weight");

/** The identity over sg[mean|X − D_φ|] at a sample, the form for training. */
export const weightedIdentity = (sample: GeneratedSample, t: Tensor, alpha: number): Tensor =>
  scoreIdentity(sample, t, alpha, distanceWeight);

/** The same as a loss. */
export const identityDistillation =
  (alpha: number) =>
  (input: GeneratedInput): Tensor =>
    weightedIdentity(generateSample(input), input.t, alpha);

/** The identity alone: for an exact ψ and α = ½ its expected gradient is that of ½(1 − t)²·V_t. */
export const plainIdentity =
  (alpha: number) =>
  (input: GeneratedInput): Tensor =>
    scoreIdentity(generateSample(input), input.t, alpha, () => 1);

/** The formula for a value of α. */
export const sidFormula = (alpha: string): string =>
  String.raw`\frac{(D_\varphi - D_\psi) \cdot \left[(D_\varphi - X) - ${alpha}(D_\varphi - D_\psi)\right]}{\sg{weight}{\operatorname{mean} \lvert X - D_\varphi \rvert}}`;

/** Common metadata of the family. */
export const sidMetadata = {
  ...sharedMetadata,
  stops: ["weight"],
  timeLaw: fromNoise(cleanLevels),
  grade: "A",
} as const;

const paper = { cite: "Zhou et al. 2024", arxiv: "2404.04057" } as const;

/**
 * Score identity distillation: Fisher divergence by denoisers, differentiated through X_t into both networks.
 *
 *   L = (D_φ − D_ψ)·[(D_φ − X) − α(D_φ − D_ψ)]/sg[mean|X − D_φ|],   α = 1.2
 *
 * Its expected value without the weight is (1 − α)(1 − t)²V_t: it is negative for α > 1 and does not measure quality.
 */
export const sid = defineLoss({
  ...sidMetadata,
  name: "sid",
  label: "SiD (α = 1.2)",
  formula: sidFormula("1.2"),
  paper,
  loss: identityDistillation(1.2),
});

/** α = 1: half the gradient of score implicit matching with the squared distance, where the sampling law is constant. */
export const sidOne = defineLoss({
  ...sidMetadata,
  name: "sidOne",
  label: "SiD (α = 1)",
  formula: sidFormula(""),
  paper,
  loss: identityDistillation(1),
});

/** α = ½: half the true gradient of the divergence, as in velocityMatching, up to the weight. */
export const sidHalf = defineLoss({
  ...sidMetadata,
  name: "sidHalf",
  label: "SiD (α = ½)",
  formula: sidFormula(String.raw`\tfrac12`),
  paper,
  loss: identityDistillation(0.5),
});
