import { add, type Tensor } from "@pushforward/tensor";
import type { EmbeddedStep, OdeSolver } from "./solver.ts";

/** Nodes c, one per stage. */
const nodes = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
/** Row i: weights of the earlier slopes for stage i; the last row is the fifth-order solution itself. */
const stages = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** Fifth-order weights minus fourth-order weights. */
const errorWeights = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

/** Σ weights[i]·slopes[i] without zero weights. */
function combine(weights: readonly number[], slopes: readonly Tensor[]): Tensor {
  const terms = weights.flatMap((weight, i) => (weight === 0 ? [] : [slopes[i].mul(weight)]));
  return terms.reduce((total, term) => add(total, term));
}

const embedded: EmbeddedStep = (v, x, t, dt, first) => {
  const slopes = [first];
  let next = x;
  for (let i = 1; i < stages.length; i++) {
    next = x.add(dt.mul(combine(stages[i], slopes)));
    slopes.push(v(next, t.add(dt.mul(nodes[i]))));
  }
  return { next, error: dt.mul(combine(errorWeights, slopes)), last: slopes[6] };
};

/**
 * Dormand and Prince's pair of orders 5 and 4: the fifth-order solution is kept, and the difference of both solutions estimates
 * its error. The last slope is the first slope of the next step, so an accepted step costs six evaluations.
 *
 * @source Dormand and Prince 1980, table 2 (RK5(4)7M)
 */
export const dopri5: OdeSolver = {
  name: "dopri5",
  kind: "ode",
  order: 5,
  cost: 6,
  reference: {
    cite: "Dormand and Prince 1980, Journal of Computational and Applied Mathematics 6, 19–26",
    doi: "10.1016/0771-050X(80)90013-3",
  },
  // a fixed step needs no error estimate and no seventh slope
  step(v, x, t, dt) {
    const slopes = [v(x, t)];
    for (let i = 1; i < 6; i++) {
      slopes.push(v(x.add(dt.mul(combine(stages[i], slopes))), t.add(dt.mul(nodes[i]))));
    }
    return x.add(dt.mul(combine(stages[6], slopes)));
  },
  embedded,
};
