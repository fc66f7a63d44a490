import type { BigNumber } from "mathjs";
import { bigFunctions, erfc } from "./bigNumber.ts";
import { mathjs64 } from "./mathjs.ts";

/** A function of one number and its derivative, in 64 digits and without a limit of range. */
export interface BigComposite {
  value(x: BigNumber): BigNumber;
  slope(x: BigNumber): BigNumber;
}

const big = (value: number | string): BigNumber => mathjs64().bignumber(value);
const { expm1, log1p, erf, normalCdf } = bigFunctions;
const exp = (x: BigNumber): BigNumber => x.exp();
const square = (x: BigNumber): BigNumber => x.times(x);
const inverse = (x: BigNumber): BigNumber => big(1).div(x);
const pi = (): BigNumber => big(-1).acos();

const sinh = (x: BigNumber): BigNumber => expm1(x).minus(expm1(x.neg())).div(2);
const cosh = (x: BigNumber): BigNumber => exp(x).plus(exp(x.neg())).div(2);
const sigmoid = (x: BigNumber): BigNumber => inverse(exp(x.neg()).plus(1));
const sigmoidSlope = (x: BigNumber): BigNumber => sigmoid(x).times(sigmoid(x.neg()));
const softplus = (x: BigNumber): BigNumber => (x.gt(0) ? x.plus(log1p(exp(x.neg()))) : log1p(exp(x)));

const normalDensity = (x: BigNumber): BigNumber => exp(square(x).div(-2)).div(pi().times(2).sqrt());

/** 2·√(2/π)·(x + 0.044715 x³) and its derivative. */
const geluScale = (): BigNumber => big(8).div(pi()).sqrt();
const geluArgument = (x: BigNumber): BigNumber => geluScale().times(x.plus(x.pow(3).times("0.044715")));
const geluArgumentSlope = (x: BigNumber): BigNumber => geluScale().times(square(x).times("0.134145").plus(1));

/** Functions of one number and their derivatives, for numbers of any size. */
export const bigComposites = {
  exp: { value: exp, slope: exp },
  expm1: { value: expm1, slope: exp },
  log: { value: (x) => x.ln(), slope: inverse },
  log1p: { value: log1p, slope: (x) => inverse(x.plus(1)) },
  sqrt: { value: (x) => x.sqrt(), slope: (x) => inverse(x.sqrt().times(2)) },
  rsqrt: { value: (x) => inverse(x.sqrt()), slope: (x) => inverse(x.times(x.sqrt()).times(-2)) },
  sin: { value: (x) => x.sin(), slope: (x) => x.cos() },
  cos: { value: (x) => x.cos(), slope: (x) => x.sin().neg() },
  tan: { value: (x) => x.sin().div(x.cos()), slope: (x) => inverse(square(x.cos())) },
  atan: { value: (x) => x.atan(), slope: (x) => inverse(square(x).plus(1)) },
  tanh: { value: (x) => sinh(x).div(cosh(x)), slope: (x) => inverse(square(cosh(x))) },
  sinh: { value: sinh, slope: cosh },
  cosh: { value: cosh, slope: sinh },
  sigmoid: { value: sigmoid, slope: sigmoidSlope },
  erf: {
    value: (x) => (x.abs().lt(4) ? erf(x) : big(1).minus(erfc(x))),
    slope: (x) => exp(square(x).neg()).times(2).div(pi().sqrt()),
  },
  normalCdf: { value: normalCdf, slope: normalDensity },
  relu: { value: (x) => (x.gt(0) ? x : big(0)), slope: (x) => big(x.gt(0) ? 1 : 0) },
  softplus: { value: softplus, slope: sigmoid },
  logSigmoid: { value: (x) => softplus(x.neg()).neg(), slope: (x) => sigmoid(x.neg()) },
  silu: { value: (x) => x.times(sigmoid(x)), slope: (x) => sigmoid(x).plus(x.times(sigmoidSlope(x))) },
  gelu: { value: (x) => x.times(normalCdf(x)), slope: (x) => normalCdf(x).plus(x.times(normalDensity(x))) },
  approximateGelu: {
    value: (x) => x.times(sigmoid(geluArgument(x))),
    slope: (x) => sigmoid(geluArgument(x)).plus(x.times(sigmoidSlope(geluArgument(x))).times(geluArgumentSlope(x))),
  },
  square: { value: square, slope: (x) => x.times(2) },
  reciprocal: { value: inverse, slope: (x) => inverse(square(x)).neg() },
} as const satisfies Readonly<Record<string, BigComposite>>;
