import { add, cos, div, mul, optionsOf, sin, sub, type Tensor, type TensorLike, zerosLike } from "@pushforward/tensor";
import { checkCall, checkedFunction } from "../callChecks.ts";
import { type AverageVelocity, asTime, type TimePairField } from "../flow.ts";
import { trigFlow } from "../interpolants.ts";

/** Settings of TrigFlow. */
export interface TrigFlowOptions {
  /** σ_d, standard deviation of its noise; default 0.5. */
  readonly sigmaData?: number;
}

/** The standard deviation of the paper. @source Lu and Song 2024, arXiv 2410.11081, section 2 */
const usualSigma = 0.5;

/** The position of a time of the linear path on TrigFlow's circle x_τ = cos τ·data + sin τ·σ_d·noise. */
export interface TrigAngle {
  /** τ in [0, π/2]: 0 is data, π/2 is noise. */
  readonly tau: Tensor;
  readonly cos: Tensor;
  readonly sin: Tensor;
  /** k = cos τ + σ_d·sin τ: x_τ = k·X_s. */
  readonly scale: Tensor;
}

/** The angle τ with tan τ = (1 − s)/(σ_d·s). */
export function trigAngle(s: Tensor, options: TrigFlowOptions = {}): TrigAngle {
  const { sigmaData = usualSigma } = optionsOf("trigAngle", options);
  const tau = mul(Math.PI / 2, sub(1, trigFlow(sigmaData).fromLinearTime(s)));
  const [c, n] = [cos(tau), sin(tau)];
  return { tau, cos: c, sin: n, scale: add(c, mul(sigmaData, n)) };
}

/**
 * The average velocity towards the data, from TrigFlow's network F(y, τ) = `network(y, τ, 0)`.
 *
 *   f(x_τ, τ) = cos τ·x_τ − sin τ·σ_d·F(x_τ/σ_d, τ),   u(X_s, s, 1) = (cos τ − sin τ/σ_d)·x_τ − k·F
 *
 * The end time is 1 for every t, because TrigFlow has no other end time.
 *
 * @source Lu and Song 2024, arXiv 2410.11081, equation 6
 */
export const trigFlowVelocity = (network: AverageVelocity, options: TrigFlowOptions = {}): TimePairField => {
  const { sigmaData = usualSigma } = optionsOf("trigFlowVelocity", options);
  const checked = checkedFunction("trigFlowVelocity", "the network", network);
  trigFlow(sigmaData);
  return (x: Tensor, s: TensorLike, t: TensorLike = 1) => {
    checkCall("trigFlowVelocity", x, { s, t });
    const { tau, cos: c, sin: n, scale } = trigAngle(asTime(s, x), { sigmaData });
    const point = mul(scale, x);
    const F = checked(div(point, sigmaData), tau, zerosLike(tau));
    return sub(mul(sub(c, div(n, sigmaData)), point), mul(scale, F));
  };
};

/**
 * The network of a known average velocity: the exact inverse of {@link trigFlowVelocity}.
 *
 *   F(y, τ) = ((cos τ − sin τ/σ_d)·σ_d·y − u(σ_d·y/k, s, 1))/k,   s = cos τ/k
 */
export const trigFlowNetwork = (u: AverageVelocity, options: TrigFlowOptions = {}): TimePairField => {
  const { sigmaData = usualSigma } = optionsOf("trigFlowNetwork", options);
  const velocity = checkedFunction("trigFlowNetwork", "u", u);
  trigFlow(sigmaData);
  return (y: Tensor, tau: TensorLike) => {
    checkCall("trigFlowNetwork", y, { tau });
    const angle = asTime(tau, y);
    const [c, n] = [cos(angle), sin(angle)];
    const scale = add(c, mul(sigmaData, n));
    const point = mul(sigmaData, y);
    const s = div(c, scale);
    const average = velocity(div(point, scale), s, add(1, zerosLike(s)));
    return div(sub(mul(sub(c, div(n, sigmaData)), point), average), scale);
  };
};
