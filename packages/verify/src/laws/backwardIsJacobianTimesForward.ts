import { residualIdentity } from "@pushforward/losses";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { residualInstances } from "../residualInstances.ts";

const gaps =
  (dtype: "float64" | "float32") =>
  (draws: Draws, n: number, isBroken: boolean): Float64Array => {
    const map = isBroken ? "network" : "invertible";
    const { phi, v, x, s, t } = residualInstances(draws, n, { map, dim: draws.integer(2, 4), dtype });
    const { backward, pushed } = residualIdentity(phi, v, x, s, t);
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
  ...rowByRow(gaps("float64"), 32),
});

/** The same in float32. */
export const backwardIsJacobianTimesForwardFloat32 = defineLaw({
  ...shared,
  name: "backwardIsJacobianTimesForwardFloat32",
  title: `${shared.title}, float32`,
  bound: 1e-5,
  weight: 5,
  ...rowByRow(gaps("float32"), 32),
});
