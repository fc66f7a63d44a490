import { expandDims, mul } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { type DivergenceName, divergences } from "./divergences.ts";
import { mostLevels, normalizedGap } from "./dmd.ts";
import { fromNoise, generateSample, gradientStep, sharedMetadata } from "./generatedSample.ts";

/** LaTeX of h(R), up to its name. */
const weights = {
  reverseKl: "1",
  forwardKl: "R",
  jensenShannon: String.raw`\tfrac{R}{1 + R}`,
  hellinger: String.raw`\sqrt{R}`,
  jeffreys: "1 + R",
  neyman: String.raw`\tfrac1R`,
  softenedReverseKl: String.raw`\tfrac{1}{1 + R}`,
} as const satisfies { readonly [D in DivergenceName]?: string };

/**
 * f-distill: DMD's gradient with a weight h(R). R is the density ratio of data and samples, and h follows from a divergence.
 *
 *   L = ½·mean (X − sg[X − h·g])²,   g = (D_ψ − D_φ)(X_t)/mean|X − D_φ(X_t)|,   h = R²·F″(R) at X_t, over its mean in the batch
 *
 * Reverse KL has h = 1, which is DMD. A recipe adds the critic, whose logit is log R.
 */
function fDistillBy<const Name extends string>(name: Name, divergence: keyof typeof weights) {
  const { label, h: hOf } = divergences[divergence];
  return defineLoss({
    ...sharedMetadata,
    name,
    label: `f-distill (${label})`,
    needs: [...sharedMetadata.needs, "ratio", "normalize"],
    stops: ["target"],
    timeLaw: fromNoise(mostLevels),
    formula: String.raw`\tfrac{1}{2 d} \left\lVert X - \sg{target}{X - h g} \right\rVert^2,\ g = \frac{D_\psi(X_t) - D_\varphi(X_t)}{\operatorname{mean} \lvert X - D_\varphi(X_t) \rvert},\ h \propto ${weights[divergence]}`,
    paper: { cite: "Xu et al. 2025", arxiv: "2502.15681" },
    grade: "B",
    departs: ["The critic is a network of its own; in the code it is a head on features of the teacher."],

    loss({ ratio, normalize, ...input }) {
      const sample = generateSample(input);
      const h = normalize(hOf(ratio(sample.xt, input.t)));
      const g = mul(expandDims(h, -1), normalizedGap(sample, input.t));
      return gradientStep(sample.X, g).div(g.shape[g.rank - 1]);
    },
  });
}

/** Jensen–Shannon, the paper's default. */
export const fDistill = fDistillBy("fDistill", "jensenShannon");
export const fDistillReverseKl = fDistillBy("fDistillReverseKl", "reverseKl");
export const fDistillForwardKl = fDistillBy("fDistillForwardKl", "forwardKl");
export const fDistillHellinger = fDistillBy("fDistillHellinger", "hellinger");
export const fDistillJeffreys = fDistillBy("fDistillJeffreys", "jeffreys");
export const fDistillNeyman = fDistillBy("fDistillNeyman", "neyman");
export const fDistillSoftened = fDistillBy("fDistillSoftened", "softenedReverseKl");
