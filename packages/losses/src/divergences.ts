import { add, log, mul, onesLike, reciprocal, sqrt, square, sub, type Tensor, zerosLike } from "@pushforward/tensor";

/**
 * An f-divergence D_F = E_{ρ^θ} F(R) by R = ρ/ρ^θ, the density of the data over the density of the samples, with the functions
 * that losses need.
 *
 *   h(R) = R²·F″(R),   bend(R) = h(R) − R·h′(R)
 */
export interface Divergence {
  readonly label: string;
  /** F(R), with F(1) = 0, up to a multiple of R − 1. */
  f(R: Tensor): Tensor;
  h(R: Tensor): Tensor;
  bend(R: Tensor): Tensor;
}

const xLogX = (x: Tensor): Tensor => mul(x, log(x));
const onePlus = (x: Tensor): Tensor => add(x, 1);

/**
 * The divergences by name. Forward is KL(data ‖ samples).
 *
 * @source Xu et al. 2025 (f-distill), table of weights; factors are chosen so that h is as simple as there
 */
export const divergences = {
  reverseKl: {
    label: "reverse KL",
    f: (R) => log(R).neg(),
    h: onesLike,
    bend: onesLike,
  },
  forwardKl: {
    label: "forward KL",
    f: xLogX,
    h: (R) => R,
    bend: zerosLike,
  },
  jensenShannon: {
    label: "Jensen–Shannon",
    // R·ln R − (R + 1)·ln((R + 1)/2)
    f: (R) => sub(xLogX(R), mul(2, xLogX(onePlus(R).mul(0.5)))),
    h: (R) => R.div(onePlus(R)),
    bend: (R) => square(R.div(onePlus(R))),
  },
  hellinger: {
    label: "squared Hellinger",
    f: (R) => square(sqrt(R).sub(1)).mul(2),
    h: sqrt,
    bend: (R) => sqrt(R).mul(0.5),
  },
  jeffreys: {
    label: "Jeffreys",
    f: (R) => mul(R.sub(1), log(R)),
    h: onePlus,
    bend: onesLike,
  },
  neyman: {
    label: "Neyman χ²",
    f: (R) => square(R.sub(1)).div(R).mul(0.5),
    h: reciprocal,
    bend: (R) => reciprocal(R).mul(2),
  },
  softenedReverseKl: {
    label: "softened reverse KL",
    // (1 + R)·ln((1 + R)/R) − 2·ln 2
    f: (R) => mul(onePlus(R), log(onePlus(R)).sub(log(R))).sub(2 * Math.LN2),
    h: (R) => reciprocal(onePlus(R)),
    bend: (R) =>
      R.mul(2)
        .add(1)
        .div(square(onePlus(R))),
  },
  chiSquared: {
    label: "χ²",
    f: (R) => square(R.sub(1)),
    h: (R) => square(R).mul(2),
    bend: (R) => square(R).mul(-2),
  },
} as const satisfies Record<string, Divergence>;

/** Name of a divergence. */
export type DivergenceName = keyof typeof divergences;
