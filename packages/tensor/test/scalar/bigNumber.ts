import fc from "fast-check";
import { all, type BigNumber, create } from "mathjs";

/** mathjs with 64 digits: what the functions of the host are measured against. */
const math = create(all!, { number: "BigNumber", precision: 64 });

/** A BigNumber of decimal text or of a small whole number. */
export const big = (value: number | string): BigNumber => math.bignumber(value);
export const one = big(1);
const two = big(2);
const sqrtPi = math.evaluate("sqrt(pi)") as BigNumber;

/** Spacing of float64 numbers around x. */
export function ulp(x: number): number {
  const size = Math.abs(x);
  if (size < 2 ** -1022) return 2 ** -1074;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  return 2 ** (((view.getUint32(0) >>> 20) & 0x7ff) - 1075);
}

/** The value of a float64 itself; math.bignumber(x) would take the shortest decimal that rounds to it. */
export function exact(x: number): BigNumber {
  const unit = ulp(x);
  return big(String(x / unit)).times(two.pow(Math.log2(unit)));
}

/** Distance of a computed number from the true one, in ulps of the true one. */
export function ulpError(got: number, truth: BigNumber): number {
  const rounded = truth.toNumber();
  if (got === rounded && !Number.isFinite(got)) return 0;
  if (!Number.isFinite(got)) return Infinity;
  return exact(got)
    .minus(truth)
    .dividedBy(exact(ulp(rounded)))
    .abs()
    .toNumber();
}

/** exp(x) − 1 by its series where the subtraction would cancel. */
export function bigExpm1(x: BigNumber): BigNumber {
  if (x.abs().gt(0.5)) return x.exp().minus(1);
  return series(x, (term, n) => term.times(x).div(n + 1));
}

/** ln(1 + x); 1 + x keeps 64 digits, enough down to 2^-60 where x − x²/2 + x³/3 is. */
export function bigLog1p(x: BigNumber): BigNumber {
  if (x.abs().gt(1e-12)) return x.plus(1).ln();
  return x.minus(x.times(x).div(2)).plus(x.times(x).times(x).div(3));
}

/** erf(x) = 2/√π·exp(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!!, all terms of one sign. @source NIST DLMF 7.6.2 */
export function bigErf(x: BigNumber): BigNumber {
  const square = x.times(x);
  const sum = series(x, (term, n) =>
    term
      .times(square)
      .times(2)
      .div(2 * n + 1),
  );
  return sum.times(2).div(sqrtPi).times(square.neg().exp());
}

/** 1 − erf(x); from 4 on by the continued fraction x + (1/2)/(x + 1/(x + (3/2)/(x + …))). @source NIST DLMF 7.9.1 */
export function bigErfc(x: BigNumber): BigNumber {
  if (x.lt(4)) return one.minus(bigErf(x));
  let fraction = x;
  for (let k = 400; k > 0; k--) fraction = x.plus(big(k).div(2).div(fraction));
  return x.times(x).neg().exp().div(fraction).div(sqrtPi);
}

/** Φ(x) = ½·erfc(−x/√2). */
export const bigNormalCdf = (x: BigNumber): BigNumber => bigErfc(x.neg().div(two.sqrt())).div(2);

/** The true erfInv(y) from a computed x next to it: one Newton step in 64 digits leaves 1e-30. */
export function bigErfInv(y: BigNumber, x: BigNumber): BigNumber {
  return x.minus(bigErf(x).minus(y).times(sqrtPi).div(2).times(x.times(x).exp()));
}

function series(first: BigNumber, next: (term: BigNumber, n: number) => BigNumber): BigNumber {
  let [term, sum] = [first, first];
  for (let n = 1; !term.isZero() && term.abs().gt(sum.abs().times(1e-62)); n++) {
    term = next(term, n);
    sum = sum.plus(term);
  }
  return sum;
}

/** Numbers with 53 random bits and an exponent in [low, high), of either sign: mantissa × 2^k. */
export const spread = (low: number, high: number): fc.Arbitrary<number> =>
  fc
    .tuple(fc.integer({ min: 2 ** 52, max: 2 ** 53 - 1 }), fc.integer({ min: low, max: high - 1 }), fc.boolean())
    .map(([mantissa, exponent, isNegative]) => (isNegative ? -1 : 1) * (mantissa * 2 ** -52) * 2 ** exponent);

/** Numbers spread evenly over an interval. */
export const between = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 2 ** 53 - 1 }).map((k) => low + (high - low) * k * 2 ** -53);

/** The largest error of f over random inputs, in ulps, and where. */
export function worstError(
  f: (x: number) => number,
  truth: (x: BigNumber, got: BigNumber) => BigNumber,
  inputs: fc.Arbitrary<number>,
  count = 300,
): { readonly ulps: number; readonly x: number } {
  let worst = { ulps: 0, x: NaN };
  for (const x of fc.sample(inputs, { numRuns: count, seed: 20240229 })) {
    const got = f(x);
    const ulps = ulpError(got, truth(exact(x), exact(got)));
    if (ulps > worst.ulps) worst = { ulps, x };
  }
  return worst;
}
