/**
 * The registry's metadata in words. Every table is complete: a new family, need, optimum or law of times does not compile until it is
 * described here.
 */
import type { AnyLoss, Grade, Learns, LossFamily, Need, Optimum } from "../packages/losses/src/index.ts";

/** A family: its heading and its condition. */
export const familyWords: Record<LossFamily, readonly [title: string, condition: string]> = {
  flowMatching: ["Flow matching", "on the diagonal s = t the network is the velocity of the flow"],
  forward: ["Forward", "the end of the map moves with the velocity at the end point"],
  backward: ["Backward", "moving the start along the flow does not move the end"],
  triConsistency: ["Tri-consistency", "two steps end at the same point as one step"],
  distribution: ["Distribution", "the samples have the law of the data; the start of each sample does not matter"],
};

export const learnsWords: Record<Learns, string> = {
  velocity: "a velocity, the diagonal u(x, s, s)",
  averageVelocity: "an average velocity u(x, s, t)",
  flowMap: "a flow map Φ(x, s, t), made from an average velocity",
  generator: "a generator G(x, s), the map to t = 1",
  trigFlow: "TrigFlow's network F(y, τ)",
  secondOrder: "the correction N(x, s, t) of the second-order form",
};

export const needWords: Record<Need, string> = {
  teacher: "the velocity v(x, t) of a frozen teacher",
  teacherMap: "a map Φ(x, s, t) that was trained before, frozen",
  unconditional: "u(x, s, t) of the student without its label, frozen",
  ema: "u(x, s, t) with averaged parameters, frozen",
  solve: "a solver of the teacher's flow",
  r: "a time between s and t",
  delta: "a step in time",
  fakeVelocity: "ψ(x, t, s), the velocity of the generator's own samples, an auxiliary network",
  freshNoise: "fresh noise, independent of the generator's",
  ratio: "the density of the data over the density of the samples, from the critic's logit",
  critic: "a critic's logit C(x, t), an auxiliary network",
  normalize: "a function that divides weights by their mean over the batch",
  pairs: "noise and the end points of the teacher's flow",
  warmup: "a number that grows during the training",
};

export const gradeWords: Record<Grade, string> = {
  A: "official code was read",
  B: "independent implementations were read",
  C: "derived, and verified numerically",
};

export const optimumWords: Record<Optimum, string> = {
  zero: "the value and its gradient are zero",
  stationary: "the value is above zero, the expected gradient is zero",
  biased: "neither the value nor the expected gradient is zero",
};

/** The meaning of the value near the optimum, and the velocities that may replace the exact velocity. */
export function valueWords({ family, optimum, conditionalVelocity, tangent, formula, times }: AnyLoss): string[] {
  const at =
    family === "distribution"
      ? "When the samples have the law of the data, with exact auxiliary networks,"
      : "At the exact map, with the exact velocity and an exact solver,";
  const velocity: Record<typeof conditionalVelocity, string> = {
    unbiased:
      "Its v may be the velocity X_1 − X_0 of single samples: the expected gradient stays the same, and the minimum of the value is a [variance](../losses.md#what-the-optimum-means) instead of zero.",
    biased: "Its v must be a teacher's: the velocity X_1 − X_0 of single samples leaves a bias.",
    unused: "It does not use v, the velocity of the samples.",
  };
  const isNormalized = /\\lVert (\\Delta|g) \\rVert \+ c/.test(formula);
  return [
    `${at} ${optimumWords[optimum]} (\`${optimum}\`).`,
    velocity[conditionalVelocity],
    ...(isNormalized
      ? [
          "Its tangent is normalised, so the value stays near a constant until the map is almost exact and does not indicate convergence.",
        ]
      : []),
    ...(tangent !== null && !/stopped/.test(tangent)
      ? ["The derivative inside is differentiated once more: reverse over forward mode."]
      : []),
    times === "sorted" ? "The formula holds for s ≤ t." : "Times may come in either order.",
  ];
}

/** A number with few digits. */
export const short = (value: number): string => String(Number(value.toPrecision(3)));
