import { stopGradient } from "@pushforward/autodiff";
import { add, div, mul, squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { type DivergenceName, divergences } from "./divergences.ts";
import { fromNoise, type GeneratedInput, generateSample, inner, innerTimes } from "./generatedSample.ts";
import type { BodyInput } from "./lossTypes.ts";
import { perSample } from "./perSample.ts";
import { identityDistillation, sidFormula, sidMetadata, weightedIdentity } from "./sid.ts";

const paper = { cite: "Wang et al. 2025", arxiv: "2505.20755" } as const;
const withRatio = [...sidMetadata.needs, "ratio"] as const;
type RatioInput = GeneratedInput & BodyInput<"generator", "ratio">;

/** SiD's α = 1 form, multiplied by a stopped function of the ratio. This is the practical form of the method. */
const practice =
  (weight: (R: Tensor) => Tensor) =>
  (input: RatioInput): Tensor => {
    const sample = generateSample(input);
    const R = input.ratio(sample.xt, input.t);
    return mul(stopGradient(weight(R), "ratio"), weightedIdentity(sample, input.t, 1));
  };

/** Reverse KL in practice: the ratio's weight is 1. */
export const uniInstructReverseKl = defineLoss({
  ...sidMetadata,
  name: "uniInstructReverseKl",
  label: "Uni-Instruct (reverse KL)",
  formula: sidFormula(""),
  paper,
  loss: identityDistillation(1),
});

const weighted = (weight: string): string => String.raw`\sg{ratio}{${weight}} \cdot ${sidFormula("")}`;

/**
 * Forward KL in practice.
 *
 *   L = sg[R]·(D_φ − D_ψ)·(D_ψ − X)/sg[mean|X − D_φ|],   R = ρ_t/ρ^θ_t at X_t
 */
export const uniInstruct = defineLoss({
  ...sidMetadata,
  name: "uniInstruct",
  label: "Uni-Instruct (forward KL)",
  needs: withRatio,
  stops: ["ratio", "weight"],
  formula: weighted("R"),
  paper,
  loss: practice((R) => R),
});

/** Jeffreys in practice: 0.4 of forward and 0.6 of reverse KL. @source official code */
export const uniInstructJeffreys = defineLoss({
  ...sidMetadata,
  name: "uniInstructJeffreys",
  label: "Uni-Instruct (Jeffreys)",
  needs: withRatio,
  stops: ["ratio", "weight"],
  formula: weighted("0.4 R + 0.6"),
  paper,
  loss: practice((R) => R.mul(0.4).add(0.6)),
});

/** t/(1 − t)·[ bend·‖a‖² + 2h·a·(Ẋ − v_ψ) ] with a = v_ψ − v_φ, [batch]; nothing is stopped, not even R. */
function expansion(
  input: GeneratedInput,
  weightsAt: (xt: Tensor) => { readonly h: Tensor; readonly bend: Tensor },
): Tensor {
  const { xt, dX, fake, real } = generateSample(input);
  const a = fake.sub(real);
  const { h, bend } = weightsAt(xt);
  const odds = perSample(div(input.t, sub(1, input.t)), xt);
  return mul(odds, add(mul(bend, squaredNorm(a)), mul(h.mul(2), inner(a, dX.sub(fake)))));
}

const exactMetadata = {
  ...sidMetadata,
  stops: [],
  timeLaw: fromNoise(innerTimes),
  paper,
  grade: "C",
} as const;

const exactFormula = (h: string, bend: string): string =>
  String.raw`\tfrac{t}{1 - t}\left[${bend}\left\lVert a \right\rVert^2 + 2 h a \cdot (\dot X - v_\psi)\right],\ a = v_\psi - v_\varphi,\ h = ${h}`;

/**
 * Reverse KL, exactly: h = 1. Twice SiD's form with α = ½, weighted by t/(1 − t).
 *
 *   L = t/(1 − t)·[ ‖a‖² + 2a·(Ẋ − v_ψ) ],   a = v_ψ − v_φ at X_t,     ∫ E ∂L/∂θ dt = ∂KL(ρ^θ ‖ ρ)/∂θ
 */
export const uniInstructReverseKlExact = defineLoss({
  ...exactMetadata,
  name: "uniInstructReverseKlExact",
  label: "Uni-Instruct (reverse KL, exact)",
  formula: exactFormula("1", ""),

  loss(input) {
    return expansion(input, (xt) => {
      const one = perSample(input.t, xt).mul(0).add(1);
      return { h: one, bend: one };
    });
  },
});

/**
 * The expansion of a divergence of clean data. Its derivative is the derivative of ∫ t/(1 − t)·E[h(R)‖v^θ − v_φ‖²] dt.
 *
 *   L = t/(1 − t)·[ (h − R·h′)·‖a‖² + 2h·a·(Ẋ − v_ψ) ],   a = v_ψ − v_φ, R = ρ_t/ρ^θ_t at X_t, all differentiated through X_t
 */
function exactBy<const Name extends string>(name: Name, divergence: DivergenceName, h: string, bend: string) {
  const { label, h: hOf, bend: bendOf } = divergences[divergence];
  return defineLoss({
    ...exactMetadata,
    name,
    label: `Uni-Instruct (${label}, exact)`,
    needs: withRatio,
    formula: exactFormula(h, bend),

    loss({ ratio, ...input }) {
      return expansion(input, (xt) => {
        const R = ratio(xt, input.t);
        return { h: hOf(R), bend: bendOf(R) };
      });
    },
  });
}

export const uniInstructForwardKlExact = exactBy("uniInstructForwardKlExact", "forwardKl", "R", "0");
export const uniInstructJensenShannonExact = exactBy(
  "uniInstructJensenShannonExact",
  "jensenShannon",
  String.raw`\tfrac{R}{1 + R}`,
  "h^2",
);
export const uniInstructJeffreysExact = exactBy("uniInstructJeffreysExact", "jeffreys", "1 + R", "");
export const uniInstructChiSquaredExact = exactBy("uniInstructChiSquaredExact", "chiSquared", "2 R^2", "-h");
