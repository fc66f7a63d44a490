import { customJvp } from "@pushforward/autodiff";
import {
  add,
  cast,
  div,
  exp,
  greater,
  max,
  maximum,
  min,
  minimum,
  mul,
  normalCdf,
  ShapeError,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type TensorLike,
  where,
} from "@pushforward/tensor";
import { checkCall } from "../callChecks.ts";
import { checkMixture, type GaussianMixture } from "../distributions/gaussianMixture.ts";
import { flowGain, marginalVariance } from "../distributions/gaussianPath.ts";
import { asTime, constant, type ExactFlow } from "../flow.ts";
import { averageVelocityOf } from "./averageVelocity.ts";

/** Halvings of the bracket, then Newton steps: 10⁻¹² of the bracket, then quadratic convergence from there. */
const halvings = 40;
const newtonSteps = 3;

/**
 * The exact flow of a mixture of Gaussians on the line, through quantiles, which the flow preserves.
 *
 *   Φ(x, s, t) = F_t⁻¹(F_s(x)),   F_t = Σ w_k·Normal((x − tμ_k)/√S_{k,t})
 *
 * Roots are found by bisection and Newton steps in float64; the derivatives are exact and need no root finding:
 * ∂ₓΦ = ρ_s(x)/ρ_t(Φ), ∂ₜΦ = v_t(Φ), ∂ₛΦ = −∂ₓΦ·v_s(x). Accuracy is that of the smaller of F and 1 − F, to 10⁻¹⁵, divided by the
 * density.
 *
 * @param mixture in one dimension
 * @throws ShapeError in more dimensions
 */
export function quantileFlow(mixture: GaussianMixture): ExactFlow {
  checkMixture("quantileFlow", mixture);
  if (mixture.dim !== 1)
    throw new ShapeError(
      `quantileFlow: the mixture must be one-dimensional, got ${mixture.dim} dimensions; use solverFlowMap(mixture.velocity)`,
    );
  const solve = rootFinder(mixture);
  const map: (x: Tensor, s: Tensor, t: Tensor) => Tensor = customJvp(solve, ([x, s, t], [dx, ds, dt]) => {
    const y = map(x, s, t);
    // ∂ₓΦ = ρ_s(x)/ρ_t(y), [batch, 1]
    const stretch = exp(sub(mixture.logProb(x, s), mixture.logProb(y, t))).expandDims(-1);
    const along = mul(stretch, sub(dx, mul(mixture.velocity(x, s), ds)));
    return [y, add(along, mul(mixture.velocity(y, t), dt))];
  });
  const flowMap = (x: Tensor, s: TensorLike, t: TensorLike): Tensor => {
    checkCall("quantileFlow.flowMap", x, { s, t }, 1);
    return map(x, asTime(s, x), asTime(t, x));
  };
  return { dim: 1, velocity: mixture.velocity, flowMap, averageVelocity: averageVelocityOf(flowMap) };
}

/** Finds y with F_t(y) = F_s(x); x [..., 1]. */
function rootFinder({ components, weights }: GaussianMixture): (x: Tensor, s: Tensor, t: Tensor) => Tensor {
  const count = components.length;
  const mu = constant(
    components.map(({ mean }) => mean[0]),
    [count],
  );
  const lambda = constant(
    components.map(({ variances }) => variances[0]),
    [count],
  );
  const weight = constant(weights, [count]);
  return (x, s, t) => {
    // float64 also for float32 points: the root is as accurate as F
    const [point, start, end] = [x, s, t].map((each) => cast(each, "float64"));
    const [means, variances, w] = [mu(point), lambda(point), weight(point)];
    const deviation = sqrt(marginalVariance(variances, end));
    const zOf = (y: Tensor): Tensor => div(sub(y, mul(end, means)), deviation);
    const from = div(sub(point, mul(start, means)), sqrt(marginalVariance(variances, start)));
    // Points above the median are mirrored: the smaller tail keeps its digits, and 1 minus the larger tail would lose them.
    const side = where(greater(cumulative(w, from), 0.5), -1, 1);
    const tail = (z: Tensor): Tensor => cumulative(w, mul(side, z));
    const goal = tail(from);
    // Each component alone would map x to one point; the solution of F_t(y) = F_s(x) lies between the outermost of these points.
    const places = add(mul(end, means), mul(flowGain(variances, start, end), sub(point, mul(start, means))));
    let low = min(places, -1, { keepDims: true });
    let high = max(places, -1, { keepDims: true });
    for (let i = 0; i < halvings; i++) {
      const middle = mul(0.5, add(low, high));
      const isAbove = greater(mul(side, sub(tail(zOf(middle)), goal)), 0);
      [low, high] = [where(isAbove, low, middle), where(isAbove, middle, high)];
    }
    let y = mul(0.5, add(low, high));
    for (let i = 0; i < newtonSteps; i++) {
      const z = zOf(y);
      const density = sum(mul(div(w, deviation), mul(exp(mul(-0.5, square(z))), inverseRootTwoPi)), -1, {
        keepDims: true,
      });
      const correction = div(mul(side, sub(tail(z), goal)), maximum(density, smallestDensity));
      y = maximum(low, minimum(high, sub(y, correction)));
    }
    return cast(y, x.dtype);
  };
}

const inverseRootTwoPi = 1 / Math.sqrt(2 * Math.PI);
/** Keeps a Newton step finite where the density underflows; the bracket then decides. */
const smallestDensity = 1e-300;

/** Σ w_k·Normal(z_k) over the last axis, kept. */
const cumulative = (w: Tensor, z: Tensor): Tensor => sum(mul(w, normalCdf(z)), -1, { keepDims: true });
