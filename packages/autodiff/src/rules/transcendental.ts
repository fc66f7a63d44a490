import { add, less, reciprocal, sigmoid, square, type Tensor, where } from "@pushforward/tensor";
import type { JvpTable } from "./rule.ts";

const oneOverSqrtTwoPi = 1 / Math.sqrt(2 * Math.PI);
const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);

/** x, clipped where a normal density underflows to 0: for larger |x| the square overflows, and the next derivative would be ∞·0. */
const bounded = (x: Tensor): Tensor => where(less(40, x.abs()), 40, x);

export const transcendentalJvp = {
  /** d eˣ = eˣ dx */
  exp: [(dx, { out }) => dx.mul(out)],
  /** d(eˣ − 1) = eˣ dx */
  expm1: [(dx, { x }) => dx.mul(x.exp())],
  /** d log x = dx/x */
  log: [(dx, { x }) => dx.div(x)],
  /** d log(1 + x) = dx/(1 + x) */
  log1p: [(dx, { x }) => dx.div(add(1, x))],
  /** d√x = dx/(2√x) */
  sqrt: [(dx, { out }) => dx.div(out.mul(2))],
  /** d x^{−½} = −½ x^{−½}/x dx */
  rsqrt: [(dx, { x, out }) => dx.mul(out.mul(-0.5).div(x))],
  /** d sin x = cos x dx */
  sin: [(dx, { x }) => dx.mul(x.cos())],
  /** d cos x = −sin x dx */
  cos: [(dx, { x }) => dx.mul(x.sin().neg())],
  /** d atan x = dx/(1 + x²) = w²/(1 + w²) dx with w = 1/x beyond 1, where x² could overflow */
  atan: [
    (dx, { x }) => {
      const isLarge = less(1, x.abs());
      const squared = square(where(isLarge, reciprocal(where(isLarge, x, 1)), x));
      return dx.mul(where(isLarge, squared, 1).div(add(1, squared)));
    },
  ],
  /** d tanh x = 4σ(2x)·σ(−2x) dx: 1 − tanh²x would cancel for large x */
  tanh: [
    (dx, { x }) => {
      const doubled = x.mul(2);
      return dx.mul(sigmoid(doubled).mul(sigmoid(doubled.neg())).mul(4));
    },
  ],
  /** d σ(x) = σ(x)·σ(−x) dx: 1 − σ(x) would cancel for large x */
  sigmoid: [(dx, { x, out }) => dx.mul(out.mul(sigmoid(x.neg())))],
  /** d erf x = 2/√π e^{−x²} dx */
  erf: [(dx, { x }) => dx.mul(square(bounded(x)).neg().exp().mul(twoOverSqrtPi))],
  /** d Φ(x) = 1/√(2π) e^{−x²/2} dx */
  normalCdf: [(dx, { x }) => dx.mul(square(bounded(x)).mul(-0.5).exp().mul(oneOverSqrtTwoPi))],
  /** d erf⁻¹ x = √π/2 e^{(erf⁻¹x)²} dx */
  erfInv: [
    (dx, { out }) =>
      dx.mul(
        square(out)
          .exp()
          .mul(1 / twoOverSqrtPi),
      ),
  ],
} satisfies Partial<JvpTable>;
