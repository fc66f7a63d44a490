import { productError } from "./productError.ts";

/**
 * x to a whole power by repeated squaring, to 0.6 ulp: the products are carried as sums of two numbers.
 *
 *   xⁿ = Π x^(2^k) over the set bits k of n;   x⁻ⁿ = 1/xⁿ
 *
 * Plain squaring would lose n/2 ulp. Near overflow and underflow the exact remainders do not exist: there Math.pow answers,
 * also for ±0, ±Infinity and NaN. x⁰ is 1 for every x.
 *
 * @param n a whole number
 * @source  Graillat 2009, "Accurate Floating-Point Product and Exponentiation"
 */
export function integerPow(x: number, n: number): number {
  if (n === 0) return 1;
  if (n === 1) return x;
  if (n === 2) return x * x;
  if (!Number.isSafeInteger(n)) return x ** n;
  let power = 1;
  let powerTail = 0;
  let square = x;
  let squareTail = 0;
  for (let left = Math.abs(n); ; ) {
    if (left % 2 === 1) {
      const product = power * square;
      const error = productError(power, square, product) + (power * squareTail + powerTail * square);
      power = product + error;
      powerTail = error - (power - product);
    }
    left = Math.floor(left / 2);
    if (left === 0) break;
    const product = square * square;
    const error = productError(square, square, product) + 2 * square * squareTail;
    square = product + error;
    squareTail = error - (square - product);
  }
  const size = Math.abs(power);
  if (!(size > 2 ** -900 && size < 2 ** 900)) return x ** n;
  return n > 0 ? power : reciprocal(power, powerTail);
}

/** 1/(x + tail) with one correction by the exact remainder. */
function reciprocal(x: number, tail: number): number {
  const ratio = 1 / x;
  const back = ratio * x;
  return ratio + ratio * (1 - back - productError(ratio, x, back) - ratio * tail);
}

/** x to a whole power n ≥ 0 in int32 arithmetic: modulo 2³². */
export function integerPowInt32(x: number, n: number): number {
  let power = 1;
  for (let left = n, square = x | 0; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = Math.imul(power, square);
    square = Math.imul(square, square);
  }
  return power;
}
