import { jvp } from "@pushforward/autodiff";
import { type FlowMap, firstOrderFlowMap, invertibleFlowMap } from "@pushforward/flows";
import { backwardResidual, forwardResidual } from "@pushforward/losses";
import { type Tensor, where } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { rowAverageVelocity, rowBijection, rowParameters, rowVelocity } from "../rowNetwork.ts";

/** n maps, one per row, each with an unrelated velocity. */
const instances =
  (dtype: "float64" | "float32") =>
  (draws: Draws, n: number, isBroken: boolean): Float64Array => {
    const dim = draws.integer(2, 4);
    const x = draws.normal([n, dim], dtype);
    const s = draws.uniforms([n, 1], 0, 1, dtype);
    const step = draws.uniforms([n, 1], 0.1, 0.9, dtype);
    // |t − s| ≥ 0.1 in either direction: at t = s every map is invertible
    const t = where(s.add(step).less(1), s.add(step), s.add(step).sub(1));
    const v = rowVelocity(rowParameters(draws, n, { inputs: dim + 1, outputs: dim, dtype }));
    const phi: FlowMap = isBroken
      ? firstOrderFlowMap(rowAverageVelocity(rowParameters(draws, n, { inputs: dim + 2, outputs: dim, dtype })))
      : invertibleFlowMap(rowBijection(draws, n, dim, dtype));
    const backward = backwardResidual(phi, v(x, s), x, s, t);
    const forward = forwardResidual(phi, v, phi(x, s, t), t, s);
    const [, pushed] = jvp((start: Tensor) => phi(start, s, t), [x], [forward]);
    return rowGaps(backward, pushed);
  };

const shared = {
  title: "Backward residual = Jacobian × forward residual",
  statement:
    "On exactly invertible maps, with any velocity, the backward residual is the Jacobian applied to the forward residual of the map in the other direction.",
  formula: String.raw`\partial_s\Phi_{s\to t}(x_s) + \nabla\Phi_{s\to t}(x_s) v_s(x_s) = \nabla\Phi_{s\to t}(x_s) \bigl[v_s(\Phi_{t\to s}(x_t)) - \partial_s\Phi_{t\to s}(x_t)\bigr]`,
  broken: "the maps are generic networks x + (t − s)·u, which are not invertible pairwise",
  controlBound: 1e-3,
} as const;

/** Backward residual = Jacobian × forward residual, in float64. */
export const backwardIsJacobianTimesForward = defineLaw({
  ...shared,
  name: "backwardIsJacobianTimesForward",
  bound: 1e-12,
  weight: 10,
  ...rowByRow(instances("float64"), 32),
});

/** The same in float32. */
export const backwardIsJacobianTimesForwardFloat32 = defineLaw({
  ...shared,
  name: "backwardIsJacobianTimesForwardFloat32",
  title: `${shared.title}, float32`,
  bound: 1e-5,
  weight: 5,
  ...rowByRow(instances("float32"), 32),
});
