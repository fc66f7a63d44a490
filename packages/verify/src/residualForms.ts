import { vjp } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import type { LossName } from "@pushforward/losses";
import { add, concat, div, eye, mul, slice, sub, sum, type Tensor, zeros } from "@pushforward/tensor";
import type { LossSamples } from "./lossInstance.ts";
import { type RowParameters, rowAverageVelocity } from "./rowNetwork.ts";

/** A function of points and one time, row by row: x [n, dim], time [n, 1] → [n, dim]. */
type Field = (x: Tensor, time: Tensor) => Tensor;

/** A method for the derivative along (dx, dTime). */
export type Derivative = (f: Field, x: Tensor, time: Tensor, dx: Tensor, dTime: number) => Tensor;

/** By the explicit Jacobian, whose rows are pullbacks of unit cotangents, without forward mode. */
export const byJacobian: Derivative = (f, x, time, dx, dTime) => {
  const [out, pullback] = vjp(f, [x, time]);
  const [n, dim] = out.shape;
  const rows = Array.from({ length: dim }, (_, i) => {
    const unit = add(zeros([n, dim]), slice(eye(dim), i));
    const [gx, gt] = pullback(unit);
    return add(sum(mul(gx, dx), 1, { keepDims: true }), mul(dTime, gt));
  });
  return concat(rows, 1);
};

/** By central differences with step h. */
export const byDifferences =
  (h: number): Derivative =>
  (f, x, time, dx, dTime) => {
    const at = (step: number): Tensor => f(add(x, mul(step, dx)), add(time, step * dTime));
    return div(sub(at(h), at(-h)), 2 * h);
  };

/** By one-sided differences with step h. */
export const byForwardDifference =
  (h: number): Derivative =>
  (f, x, time, dx, dTime) =>
    div(sub(f(add(x, mul(h, dx)), add(time, h * dTime)), f(x, time)), h);

/** Residual of a loss, [n, dim], with any method for its derivative. */
export type ResidualForm = (parameters: RowParameters, samples: LossSamples, derivative: Derivative) => Tensor;

/** ∂ₜΦ(X_s, s, t) − velocity(Φ, t). */
const forward =
  (own: boolean): ResidualForm =>
  (parameters, { xs, s, t, teacher }, derivative) => {
    const u = rowAverageVelocity(parameters);
    const phi = firstOrderFlowMap(u);
    const slope = derivative((x, end) => phi(x, s, end), xs, t, mul(0, xs), 1);
    const P = phi(xs, s, t);
    return sub(slope, own ? u(P, t, t) : teacher(P, t));
  };

/** ∂ₛΦ(X_s, s, t) + ∇Φ·velocity(X_s, s). */
const backward =
  (own: boolean): ResidualForm =>
  (parameters, { xs, s, t, teacher }, derivative) => {
    const u = rowAverageVelocity(parameters);
    const phi = firstOrderFlowMap(u);
    return derivative((x, start) => phi(x, start, t), xs, s, own ? u(xs, s, s) : teacher(xs, s), 1);
  };

/** d/ds Φ(X_s, s, 1). */
const toData: ResidualForm = (parameters, { xs, s, v }, derivative) => {
  const phi = firstOrderFlowMap(rowAverageVelocity(parameters));
  return derivative((x, start) => phi(x, start, 1), xs, s, v, 1);
};

/** U − v − (t − s)·dU/ds. */
const averageBackward: ResidualForm = (parameters, { xs, s, t, v }, derivative) => {
  const u = rowAverageVelocity(parameters);
  const slope = derivative((x, start) => u(x, start, t), xs, s, v, 1);
  return sub(sub(u(xs, s, t), v), mul(sub(t, s), slope));
};

/** Losses with one derivative: their values are the squared norms of these residuals. */
export const residualForms = {
  localForward: forward(false),
  localForwardSemi: forward(false),
  ayfLmd: forward(false),
  lsd: forward(true),
  lsdNone: forward(true),
  backwardExact: backward(false),
  backwardSemi: averageBackward,
  meanFlow: averageBackward,
  continuousConsistency: toData,
  esd: backward(true),
  esdConvex: backward(true),
  esdNone: backward(true),
} as const satisfies { readonly [L in LossName]?: ResidualForm };

/** Names of the losses with a residual form. */
export const residualFormNames = Object.keys(residualForms) as (keyof typeof residualForms)[];
