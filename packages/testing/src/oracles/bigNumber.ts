import type { BigNumber } from "mathjs";
import { ulpOf } from "../ulp.ts";
import { mathjs64 } from "./mathjs.ts";

const big = (value: number | string): BigNumber => mathjs64().bignumber(value);
/** π = arccos(−1). */
const sqrtPi = (): BigNumber => big(-1).acos().sqrt();

/** The value of a float64 itself: math.bignumber(x) would take the shortest decimal that rounds to it. */
export function exactly(x: number): BigNumber {
  const unit = ulpOf(x);
  return big(String(x / unit)).times(big(2).pow(Math.log2(unit)));
}

/** Sums a series until its terms no longer change the sum; `next` makes term n of term n − 1. */
function series(first: BigNumber, next: (term: BigNumber, n: number) => BigNumber): BigNumber {
  let [term, sum] = [first, first];
  for (let n = 1; !term.isZero() && term.abs().gt(sum.abs().times(1e-62)); n++) {
    term = next(term, n);
    sum = sum.plus(term);
  }
  return sum;
}

/** eˣ − 1, by its series where the subtraction would cancel. */
const expm1 = (x: BigNumber): BigNumber =>
  x.abs().gt(0.5) ? x.exp().minus(1) : series(x, (term, n) => term.times(x).div(n + 1));

/** log(1 + x); 1 + x keeps enough digits down to 1e-12, where three terms do. */
const log1p = (x: BigNumber): BigNumber =>
  x.abs().gt(1e-12) ? x.plus(1).ln() : x.minus(x.pow(2).div(2)).plus(x.pow(3).div(3));

/** 2/√π·exp(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!!, all terms of one sign. @source NIST DLMF 7.6.2 */
const erf = (x: BigNumber): BigNumber =>
  series(x, (term, n) =>
    term
      .times(x)
      .times(x)
      .times(2)
      .div(2 * n + 1),
  )
    .times(2)
    .div(sqrtPi())
    .times(x.times(x).neg().exp());

/** 1 − erf(x); from 4 on by the continued fraction x + (1/2)/(x + 1/(x + (3/2)/(x + …))). @source NIST DLMF 7.9.1 */
export function erfc(x: BigNumber): BigNumber {
  if (x.lt(-4)) return big(2).minus(erfc(x.neg()));
  if (x.lt(4)) return big(1).minus(erf(x));
  if (x.gt(1e4)) return big(0);
  let fraction = x;
  for (let k = 400; k > 0; k--) fraction = x.plus(big(k).div(2).div(fraction));
  return x.times(x).neg().exp().div(fraction).div(sqrtPi());
}

/** erf(x) = y, by Newton's method from a double that is close already. */
function erfInv(y: BigNumber, guess: number): BigNumber {
  let x = exactly(guess);
  for (let step = 0; step < 3; step++) x = x.minus(erf(x).minus(y).times(sqrtPi()).div(2).times(x.times(x).exp()));
  return x;
}

/** Functions of one number in 64 digits; `got` is the computed result where a search has to start somewhere. */
export const bigFunctions = {
  exp: (x: BigNumber) => x.exp(),
  expm1,
  log: (x: BigNumber) => x.ln(),
  log1p,
  sqrt: (x: BigNumber) => x.sqrt(),
  rsqrt: (x: BigNumber) => big(1).div(x.sqrt()),
  sin: (x: BigNumber) => x.sin(),
  cos: (x: BigNumber) => x.cos(),
  atan: (x: BigNumber) => x.atan(),
  tanh: (x: BigNumber) => x.tanh(),
  sigmoid: (x: BigNumber) => big(1).div(x.neg().exp().plus(1)),
  erf,
  normalCdf: (x: BigNumber) => erfc(x.neg().div(big(2).sqrt())).div(2),
  erfInv: (y: BigNumber, got: number) => erfInv(y, got),
} as const satisfies Record<string, (x: BigNumber, got: number) => BigNumber>;

/**
 * Distance of a computed number from the true value of a function, in units of the last place of the truth.
 *
 * @param got f(x) as computed
 */
export function ulpError(name: keyof typeof bigFunctions, x: number, got: number): number {
  const truth = (bigFunctions[name] as (x: BigNumber, got: number) => BigNumber)(exactly(x), got);
  const rounded = truth.toNumber();
  if (got === rounded && !Number.isFinite(got)) return 0;
  if (!Number.isFinite(got)) return Infinity;
  return exactly(got)
    .minus(truth)
    .div(exactly(ulpOf(rounded)))
    .abs()
    .toNumber();
}
