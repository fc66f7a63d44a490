import { sqrt, squaredNorm, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { denoised, fromNoise, type GeneratedInput, generateSample, inner, sharedMetadata } from "./generatedSample.ts";
import { cleanLevels } from "./sid.ts";

/**
 * y·(D_ψ − X)/√(‖y‖² + c²) with y = D_φ − D_ψ, [batch]. The root is differentiated too, because y over the root is one field of
 * X_t.
 *
 * @param c size of a small difference of denoisers, in data units; default 0.03·√dim
 */
export const implicitMatching =
  ({ c }: { readonly c?: number } = {}) =>
  (input: GeneratedInput): Tensor => {
    const { X, xt, fake, real } = generateSample(input);
    const [Dpsi, Dphi] = [denoised(xt, fake, input.t), denoised(xt, real, input.t)];
    const y = Dphi.sub(Dpsi);
    const small = c ?? 0.03 * Math.sqrt(X.shape[X.rank - 1]);
    return inner(y, Dpsi.sub(X)).div(sqrt(squaredNorm(y).add(small * small)));
  };

/**
 * Score implicit matching: a distance of scores, here pseudo-Huber, under a constant sampling law.
 *
 *   L = (D_φ − D_ψ)·(D_ψ − X)/√(‖D_φ − D_ψ‖² + c²),   c = 0.03·√dim
 *
 * With the squared distance instead, the loss is twice SiD with α = 1, without the weight.
 */
export const sim = defineLoss({
  ...sharedMetadata,
  name: "sim",
  label: "SIM (pseudo-Huber)",
  stops: [],
  timeLaw: fromNoise(cleanLevels),
  formula: String.raw`\frac{(D_\varphi - D_\psi) \cdot (D_\psi - X)}{\sqrt{\left\lVert D_\varphi - D_\psi \right\rVert^2 + c^2}}`,
  paper: { cite: "Luo et al. 2024", arxiv: "2410.16794" },
  grade: "C",
  departs: ["c = 0.03·√dim is our choice; the paper's constant is not known to us."],
  loss: implicitMatching(),
});
