import {
  DenseTensor,
  erf,
  erfInv,
  evaluate,
  normalCdf,
  type Primitive,
  type PrimitiveName,
  primitives,
  remainder,
  type TensorType,
  weakScalar,
} from "@pushforward/tensor";
import * as z from "./complex.ts";

/** A complex tensor; no imaginary part means that it is 0. */
export interface Parts {
  readonly re: DenseTensor;
  readonly im: DenseTensor | null;
}

/** One application of a primitive. */
export interface Application {
  readonly primitive: Primitive<object>;
  readonly params: object;
  readonly type: TensorType;
}

/** A primitive on complex tensors. */
export type ComplexRule = (operands: readonly Parts[], application: Application) => Parts;

const run = ({ primitive, params }: Application, operands: readonly DenseTensor[]): DenseTensor =>
  evaluate(primitive, operands, params);

const zerosOf = (x: DenseTensor): DenseTensor => new DenseTensor(new Float64Array(x.size), x.shape, x.dtype, x.weak);

/** Depends on real parts only and is constant between its jumps: no imaginary part comes out. */
const real: ComplexRule = (operands, application) => ({
  re: run(
    application,
    operands.map((x) => x.re),
  ),
  im: null,
});

/** Linear in the first operand, the others being indices: acts on both parts. */
const linear: ComplexRule = ([x, ...rest], application) => {
  const others = rest.map((operand) => operand.re);
  return { re: run(application, [x.re, ...others]), im: x.im && run(application, [x.im, ...others]) };
};

/** Linear in all operands together. */
const jointlyLinear: ComplexRule = (operands, application) => ({
  re: run(
    application,
    operands.map((x) => x.re),
  ),
  im: operands.every((x) => x.im === null)
    ? null
    : run(
        application,
        operands.map((x) => x.im ?? zerosOf(x.re)),
      ),
});

/** An analytic function of each element. */
const analytic =
  (f: (x: z.Complex, y: z.Complex, params: object) => z.Complex): ComplexRule =>
  (operands, application) => {
    if (operands.every((x) => x.im === null)) return real(operands, application);
    const size = operands[0].re.size;
    const [re, im] = [new Float64Array(size), new Float64Array(size)];
    const at = (x: Parts | undefined, i: number): z.Complex => [x?.re.buffer[i] ?? 0, x?.im?.buffer[i] ?? 0];
    for (let i = 0; i < size; i++) {
      [re[i], im[i]] = f(at(operands[0], i), at(operands[1], i), application.params);
    }
    const { shape, dtype, weak } = application.type;
    return { re: new DenseTensor(re, shape, dtype, weak), im: new DenseTensor(im, shape, dtype, weak) };
  };

/** Sums of products: (A + iB)(C + iD) = (AC − BD) + i(AD + BC) */
const bilinear: ComplexRule = ([x, y], application) => {
  const product = (a: DenseTensor | null, b: DenseTensor | null): Float64Array | null =>
    a && b && (run(application, [a, b]).buffer as Float64Array);
  const add = (a: Float64Array | null, b: Float64Array | null, sign: number): Float64Array | null =>
    a && b ? a.map((value, i) => value + sign * b[i]) : (a ?? b?.map((value) => sign * value) ?? null);
  const { shape, dtype, weak } = application.type;
  const im = add(product(x.re, y.im), product(x.im, y.re), 1);
  return {
    re: new DenseTensor(add(product(x.re, y.re), product(x.im, y.im), -1)!, shape, dtype, weak),
    im: im && new DenseTensor(im, shape, dtype, weak),
  };
};

/** The largest or smallest over axes: one-hot weights of where the real part attains it, ties shared. */
const extremum: ComplexRule = ([x], application) => {
  const re = run(application, [x.re]);
  if (x.im === null) return { re, im: null };
  const { axes } = application.params as { axes: readonly number[] };
  const kept = x.re.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const isHit = x.re.equal(re.reshape(kept)).cast("float64");
  const im = isHit.mul(x.im).sum(axes).div(isHit.sum(axes));
  return { re, im: im.concrete("complexStep") };
};

const where: ComplexRule = ([condition, x, y], application) => {
  const pick = (a: DenseTensor, b: DenseTensor): DenseTensor => run(application, [condition.re, a, b]);
  const im = x.im || y.im ? pick(x.im ?? zerosOf(x.re), y.im ?? zerosOf(y.re)) : null;
  return { re: pick(x.re, y.re), im };
};

const realErf = (x: number): number => erf(weakScalar(x)).item();
const realErfInv = (x: number): number => erfInv(weakScalar(x)).item();

/** abs, maximum and minimum are analytic between their kinks: the real part decides which side holds. */
const choose = (isFirst: (a: number, b: number) => boolean): ComplexRule =>
  analytic((x, y) => (isFirst(x[0], y[0]) ? x : y));

/** Every primitive on complex numbers; stopGradient and stopTangent drop the imaginary part, as they do a tangent. */
export const complexRules: { readonly [P in PrimitiveName]: ComplexRule } = {
  add: analytic(z.complexAdd),
  sub: analytic(z.complexSub),
  mul: analytic(z.complexMul),
  div: analytic(z.complexDiv),
  neg: linear,
  pow: analytic(z.complexPow),
  integerPow: analytic((x, _, params) => z.complexIntegerPow(x, (params as { n: number }).n)),
  abs: analytic((x) => (x[0] < 0 ? [-x[0], -x[1]] : x)),
  maximum: choose((a, b) => a > b),
  minimum: choose((a, b) => a < b),
  remainder: analytic((x, y) => {
    const rest = remainder(weakScalar(x[0]), y[0]).item();
    return [rest, x[1] - Math.round(x[0] / y[0] - rest / y[0]) * y[1]];
  }),
  sign: real,
  floor: real,
  ceil: real,
  round: real,
  exp: analytic(z.complexExp),
  expm1: analytic(z.complexExpm1),
  log: analytic(z.complexLog),
  log1p: analytic(z.complexLog1p),
  sqrt: analytic(z.complexSqrt),
  rsqrt: analytic((x) => z.complexDiv([1, 0], z.complexSqrt(x))),
  sin: analytic(z.complexSin),
  cos: analytic(z.complexCos),
  atan: analytic(z.complexAtan),
  tanh: analytic(z.complexTanh),
  sigmoid: analytic(z.complexSigmoid),
  erf: analytic((x) => z.complexErf(x, realErf)),
  // Φ(z) = (1 + erf(z/√2))/2; its real part from the real function, which holds where it is tiny.
  normalCdf: analytic((x) => [
    normalCdf(weakScalar(x[0])).item(),
    0.5 * z.complexErf([x[0] * Math.SQRT1_2, x[1] * Math.SQRT1_2], realErf)[1],
  ]),
  erfInv: analytic((x) => z.complexErfInv(x, realErf, realErfInv)),
  equal: real,
  less: real,
  lessEqual: real,
  and: real,
  or: real,
  not: real,
  isFinite: real,
  where,
  bitXor: real,
  bitAnd: real,
  shiftLeft: real,
  shiftRight: real,
  threefry: real,
  iota: real,
  broadcastTo: linear,
  reshape: linear,
  transpose: linear,
  slice: linear,
  pad: linear,
  concat: jointlyLinear,
  flip: linear,
  gather: linear,
  scatterAdd: linear,
  argsort: real,
  sum: linear,
  max: extremum,
  min: extremum,
  argmax: real,
  cumsum: linear,
  matmul: bilinear,
  conv: bilinear,
  cast: (operands, application) =>
    application.type.dtype === "float64" ? linear(operands, application) : real(operands, application),
  unitFromBits: real,
  stopGradient: real,
  stopTangent: real,
  stopCotangent: linear,
  barrier: linear,
};

/** Primitives that a complex step cannot differentiate: int32, bool and random ones, and those with jumps. */
export const isAnalytic = (name: PrimitiveName): boolean => complexRules[name] !== real && name in primitives;
