/** Coefficients of a quotient of two polynomials, lowest power first. */
interface Quotient {
  readonly over: readonly number[];
  readonly under: readonly number[];
}

/*
 * Four minimax quotients cover the half line x ≥ 0. In each, a part known exactly is kept out of the quotient, so that its
 * rounding error is small against the result.
 *
 * @source Sun Microsystems 1993, fdlibm s_erf.c: the coefficients and the places where the pieces meet
 */

/** erf(x)/x − 1 in x², for x < 0.84375 */
const core: Quotient = {
  over: [0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -2.3763016656650163e-5],
  under: [
    1.0, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164, -3.960228278775368e-6,
  ],
};

/** erf(x) − erfAtOne in x − 1, for x in [0.84375, 1.25) */
const middle: Quotient = {
  over: [
    -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175, -0.11089469428239668,
    0.035478304325618236, -0.002166375594868791,
  ],
  under: [
    1.0, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
    0.011984499846799107,
  ],
};

/** ln(x·erfc(x)) + x² + 0.5625 in 1/x², for x in [1.25, 1/0.35) */
const nearTail: Quotient = {
  over: [
    -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
    -184.60509290671104, -81.2874355063066, -9.814329344169145,
  ],
  under: [
    1.0, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
    108.63500554177944, 6.570249770319282, -0.0604244152148581,
  ],
};

/** The same from 1/0.35 on. */
const farTail: Quotient = {
  over: [
    -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
    -1025.0951316110772, -483.5191916086514,
  ],
  under: [
    1.0, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
    474.52854120695537, -22.44095244658582,
  ],
};

/** Where the pieces meet. */
export const middleStart = 0.84375;
export const tailStart = 1.25;

/** erf(1) to 24 bits: differences to it are exact. */
export const erfAtOne = 0.8450629115104675;

/** erf(x)/x − 1, about 0.13 at 0, for |x| < middleStart. */
export const erfCore = (x: number): number => evaluate(core, x * x);

/** erf(x) − erfAtOne, at most 0.08, for x in [middleStart, tailStart). */
export const erfMiddle = (x: number): number => evaluate(middle, x - 1);

/**
 * erfc(x) for x ≥ tailStart, to 2.2 ulp.
 *
 *   erfc(x) = exp(−z² − 0.5625)·exp((z − x)(z + x) + quotient)/x,     z = x to 24 bits: z² is exact
 */
export function erfcTail(x: number): number {
  if (x > 28) return 0;
  const z = Math.fround(x);
  const rest = (z - x) * (z + x) + evaluate(x < 1 / 0.35 ? nearTail : farTail, 1 / (x * x));
  const leading = Math.exp(-z * z - 0.5625);
  return (leading + leading * Math.expm1(rest)) / x;
}

const evaluate = ({ over, under }: Quotient, x: number): number => polynomial(over, x) / polynomial(under, x);

/** Horner's rule. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let power = coefficients.length - 1; power >= 0; power--) sum = sum * x + coefficients[power]!;
  return sum;
}
