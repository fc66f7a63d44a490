import { jvp } from "@pushforward/autodiff";
import { abs, add, div, less, mul, onesLike, sub, type Tensor, where } from "@pushforward/tensor";
import { checkCall, checkedFunction } from "../callChecks.ts";
import { asTime, type FlowMap, type TimePairField, type VelocityField } from "../flow.ts";

/** Below this distance of the times the quotient loses digits, and an integral of the derivative is used instead. */
const closeTimes = 0.02;

/**
 * Gauss–Legendre nodes and weights on [0, 1], four points: the error is 6·10⁻¹⁰·(t − s)⁸·|∂ₜ⁹Φ|, below rounding for close times.
 *
 * @source Abramowitz and Stegun, table 25.4
 */
const nodes = [0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970263];
const weights = [0.17392742256872692, 0.32607257743127305, 0.32607257743127305, 0.17392742256872692];

/**
 * The average velocity of any flow map, differentiable also at s = t.
 *
 *   u(x, s, t) = (Φ(x, s, t) − x)/(t − s) = ∫₀¹ ∂ₜΦ(x, s, s + θ(t − s)) dθ
 *
 * The quotient is used for distant times, and the integral, by four derivatives in t, for close times.
 */
export function averageVelocityOf(map: FlowMap): TimePairField {
  const phi = checkedFunction("averageVelocityOf", "the map", map);
  const quotient = differenceQuotient(phi, (x) => x);
  return (x, s, t) => {
    checkCall("averageVelocityOf", x, { s, t });
    return quotient(x, asTime(s, x), asTime(t, x));
  };
}

/**
 * The mean of ∂ₜf from s to t, differentiable also at s = t.
 *
 *   (f(x, s, t) − f(x, s, s))/(t − s) = ∫₀¹ ∂ₜf(x, s, s + θ(t − s)) dθ
 *
 * @param start f(x, s, s)
 */
export const differenceQuotient =
  (f: FlowMap, start: VelocityField): FlowMap =>
  (x, s, t) => {
    const length = sub(t, s);
    const isClose = less(abs(length), closeTimes);
    const quotient = (): Tensor => {
      // guarded, so that no 0/0 enters the reverse pass from the unselected branch
      const divisor = where(isClose, 1, length);
      return div(sub(f(x, s, t), start(x, s)), divisor);
    };
    if (!isClose.readable) return where(isClose, meanSlope(f, x, s, length), quotient());
    const close = isClose.concrete("differenceQuotient").buffer;
    if (close.every((each) => each === 0)) return quotient();
    if (close.every((each) => each === 1)) return meanSlope(f, x, s, length);
    return where(isClose, meanSlope(f, x, s, length), quotient());
  };

/** ∫₀¹ ∂ₜf(x, s, s + θ·length) dθ by quadrature. */
function meanSlope(f: FlowMap, x: Tensor, s: Tensor, length: Tensor): Tensor {
  const slopes = nodes.map((node, i) => {
    const t = add(s, mul(node, length));
    const [, slope] = jvp((end: Tensor) => f(x, s, end), [t], [onesLike(t)]);
    return mul(weights[i], slope);
  });
  return slopes.reduce((total, slope) => add(total, slope));
}
