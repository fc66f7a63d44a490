import { add, sigmoid, square, sub } from "@pushforward/tensor";
import type { JvpTable } from "./rule.ts";

const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);

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
  rsqrt: [(dx, { x, out }) => dx.mul(out.div(x).mul(-0.5))],
  /** d sin x = cos x dx */
  sin: [(dx, { x }) => dx.mul(x.cos())],
  /** d cos x = −sin x dx */
  cos: [(dx, { x }) => dx.mul(x.sin().neg())],
  /** d atan x = dx/(1 + x²) */
  atan: [(dx, { x }) => dx.div(add(1, square(x)))],
  /** d tanh x = (1 − tanh²x) dx */
  tanh: [(dx, { out }) => dx.mul(sub(1, square(out)))],
  /** d σ(x) = σ(x)·σ(−x) dx: 1 − σ(x) would cancel for large x */
  sigmoid: [(dx, { x, out }) => dx.mul(out.mul(sigmoid(x.neg())))],
  /** d erf x = 2/√π e^{−x²} dx */
  erf: [(dx, { x }) => dx.mul(square(x).neg().exp().mul(twoOverSqrtPi))],
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
