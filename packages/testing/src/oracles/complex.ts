/** Complex numbers [re, im] as plain pairs: only what complex-step differentiation needs. */
export type Complex = readonly [re: number, im: number];

export const complexAdd = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
export const complexSub = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];
export const complexMul = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const scale = (k: number, [a, b]: Complex): Complex => [k * a, k * b];

/** a/b by Smith's method: no overflow where the quotient has none. @source Smith 1962 */
export function complexDiv([a, b]: Complex, [c, d]: Complex): Complex {
  if (Math.abs(d) <= Math.abs(c)) {
    const r = d / c;
    const size = c + d * r;
    return [(a + b * r) / size, (b - a * r) / size];
  }
  const r = c / d;
  const size = c * r + d;
  return [(a * r + b) / size, (b * r - a) / size];
}

export const complexExp = ([a, b]: Complex): Complex => [Math.exp(a) * Math.cos(b), Math.exp(a) * Math.sin(b)];

/** eᶻ − 1 = expm1(a)·cos b − 2·sin²(b/2) + i·eᵃ·sin b */
export const complexExpm1 = ([a, b]: Complex): Complex => [
  Math.expm1(a) * Math.cos(b) - 2 * Math.sin(b / 2) ** 2,
  Math.exp(a) * Math.sin(b),
];

/** Principal logarithm; NaN on the negative axis, where the real function has no value either. */
export const complexLog = ([a, b]: Complex): Complex =>
  a < 0 ? [NaN, NaN] : [Math.log(Math.hypot(a, b)), Math.atan2(b, a)];

/** log(1 + z), exact near 0. */
export const complexLog1p = ([a, b]: Complex): Complex =>
  a < -1 ? [NaN, NaN] : [0.5 * Math.log1p(a * (2 + a) + b * b), Math.atan2(b, 1 + a)];

/** Principal square root, Re z ≥ 0. */
export function complexSqrt([a, b]: Complex): Complex {
  if (a < 0) return [NaN, NaN];
  if (a === 0 && b === 0) return [0, 0];
  const re = Math.sqrt((Math.hypot(a, b) + a) / 2);
  return [re, b / (2 * re)];
}

export const complexSin = ([a, b]: Complex): Complex => [Math.sin(a) * Math.cosh(b), Math.cos(a) * Math.sinh(b)];
export const complexCos = ([a, b]: Complex): Complex => [Math.cos(a) * Math.cosh(b), -Math.sin(a) * Math.sinh(b)];

/** tanh z = (tanh a + i·tan b)/(1 + i·tanh a·tan b); 1 − tanh²a is taken from cosh so that it keeps its bits. */
export function complexTanh([a, b]: Complex): Complex {
  const [t, s] = [Math.tanh(a), Math.tan(b)];
  const size = 1 + t * t * s * s;
  return [(t * (1 + s * s)) / size, s / Math.cosh(a) ** 2 / size];
}

/** 1/(1 + e⁻ᶻ), on the side where nothing overflows. */
export function complexSigmoid(z: Complex): Complex {
  const e = complexExp([-Math.abs(z[0]), z[0] < 0 ? z[1] : -z[1]]);
  return complexDiv(z[0] < 0 ? e : [1, 0], complexAdd([1, 0], e));
}

/** atan z with Im = artanh(2b/(1 + a² + b²))/2. */
export const complexAtan = ([a, b]: Complex): Complex => [
  0.5 * Math.atan2(2 * a, 1 - a * a - b * b),
  0.5 * Math.atanh((2 * b) / (1 + a * a + b * b)),
];

/** zⁿ by repeated multiplication. */
export function complexIntegerPow(z: Complex, n: number): Complex {
  if (n < 0) return complexDiv([1, 0], complexIntegerPow(z, -n));
  let power: Complex = [1, 0];
  for (let i = 0; i < n; i++) power = complexMul(power, z);
  return power;
}

/** zʷ = |z|^{Re w}·e^{−Im w·arg z}, turned by Re w·arg z + Im w·log|z|; for Re z > 0. */
export function complexPow(z: Complex, [c, d]: Complex): Complex {
  if (z[0] < 0) return [NaN, NaN];
  const [size, angle] = [Math.hypot(...z), Math.atan2(z[1], z[0])];
  const length = size ** c * Math.exp(-d * angle);
  const turn = c * angle + (d === 0 ? 0 : d * Math.log(size));
  return [length * Math.cos(turn), length * Math.sin(turn)];
}

/** Nodes and weights of Gauss–Legendre quadrature on [−1, 1]. @source Abramowitz and Stegun, table 25.4, n = 5 */
const gauss: readonly (readonly [node: number, weight: number])[] = [
  [0, 128 / 225],
  [-0.5384693101056831, 0.47862867049936647],
  [0.5384693101056831, 0.47862867049936647],
  [-0.906179845938664, 0.23692688505618908],
  [0.906179845938664, 0.23692688505618908],
];

/**
 * erf(a + ib) = erf(a) + 2/√π ∫₀ᵇ e^{−(a + is)²} i ds, by quadrature along the segment: |b| < 1.
 *
 * @param erf the real function
 */
export function complexErf([a, b]: Complex, erf: (x: number) => number): Complex {
  let integral: Complex = [0, 0];
  for (const [node, weight] of gauss) {
    const z: Complex = [a, (b * (1 + node)) / 2];
    integral = complexAdd(integral, scale(weight, complexExp(scale(-1, complexMul(z, z)))));
  }
  const [re, im] = scale(b / Math.sqrt(Math.PI), integral);
  return [erf(a) - im, re];
}

/** Solves erf(w) = z by Newton's method from the real solution. */
export function complexErfInv(z: Complex, erf: (x: number) => number, erfInv: (x: number) => number): Complex {
  let w: Complex = [erfInv(z[0]), 0];
  for (let step = 0; step < 4; step++) {
    const slope = scale(2 / Math.sqrt(Math.PI), complexExp(scale(-1, complexMul(w, w))));
    w = complexAdd(w, complexDiv(complexSub(z, complexErf(w, erf)), slope));
  }
  // The real part moves by (Im z)² only: keep the accurate one.
  return Math.abs(z[1]) < 1e-9 ? [erfInv(z[0]), w[1]] : w;
}
