import {
  abs,
  add,
  atan,
  clip,
  concat,
  conv,
  cos,
  cumsum,
  div,
  erf,
  erfInv,
  exp,
  expm1,
  flip,
  gather,
  gelu,
  integerPow,
  less,
  log1p,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  norm,
  pad,
  pow,
  prod,
  reshape,
  rsqrt,
  scatterAdd,
  sigmoid,
  silu,
  sin,
  slice,
  softmax,
  softplus,
  sort,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
  tril,
  where,
  zerosLike,
} from "@pushforward/tensor";

/** A step of a random program: from two matrices of one shape to a matrix of the same shape and of similar size. */
export type ProgramStep = (x: Tensor, y: Tensor) => Tensor;

/** 1 + x², a safe divisor. */
const above1 = (x: Tensor): Tensor => add(1, square(x));

/** A selection of rows that depends on the shape only; a permutation for an odd number of rows, otherwise with repeated rows. */
const rowOrder = (x: Tensor): Tensor =>
  tensor(
    Array.from({ length: x.shape[0] }, (_, i) => (2 * i + 1) % x.shape[0]),
    { dtype: "int32" },
  );

/** Elementwise steps, nonlinear and smooth everywhere. */
export const curvedSteps: Readonly<Record<string, ProgramStep>> = {
  tanh,
  sin,
  cos,
  atan,
  erf,
  sigmoid,
  softplus,
  silu,
  gelu: (x) => gelu(x),
  exp: (x) => exp(tanh(x)),
  expm1: (x) => expm1(sin(x)),
  log1p: (x) => log1p(square(x)),
  sqrt: (x) => sqrt(above1(x)),
  rsqrt: (x) => rsqrt(above1(x)),
  erfInv: (x) => erfInv(mul(0.8, tanh(x))),
  cube: (x) => integerPow(tanh(x), 3),
  power: (x, y) => pow(add(1, sigmoid(x)), tanh(y)),
  quotient: (x, y) => div(x, above1(y)),
  product: (x, y) => mul(tanh(x), y),
};

/** Smooth steps that move, sum and multiply whole matrices. */
export const mixingSteps: Readonly<Record<string, ProgramStep>> = {
  add: (x, y) => mul(0.7, add(x, y)),
  sub: (x, y) => mul(0.7, sub(x, y)),
  matmul: (x, y) => matmul(matmul(tanh(x), transpose(tanh(y))), mul(1 / (x.shape[0] * x.shape[1]), x)),
  broadcast: (x, y) => add(mean(x, 0, { keepDims: true }), mul(0.5, sum(tanh(y), 1, { keepDims: true }))),
  conv: (x, y) => {
    const kernel = reshape(slice(tanh(y), [0, 2], [0, 1]), [Math.min(2, y.shape[0]), 1, 1, 1]);
    return mul(0.5, reshape(conv(reshape(x, [1, ...x.shape, 1]), kernel), x.shape));
  },
  cumsum: (x) => mul(1 / x.shape[1], cumsum(x, 1)),
  cumsumBack: (x) => mul(1 / x.shape[0], cumsum(x, 0, { reverse: true })),
  softmax: (x) => softmax(x, -1),
  logSoftmax: (x, y) => add(logSoftmax(tanh(x), 0), mul(0.1, y)),
  logSumExp: (x, y) => sub(logSumExp(x, 1, { keepDims: true }), tanh(y)),
  normalise: (x) => div(sub(x, mean(x, 1, { keepDims: true })), sqrt(add(1, mean(square(x), 1, { keepDims: true })))),
  prod: (x, y) => mul(prod(tanh(x), 0, { keepDims: true }), y),
  flip: (x) => flip(x, 0),
  regroup: (x) => reshape(transpose(x), x.shape),
  cycle: (x, y) => mean(transpose(stack([x, mul(0.5, y), tanh(x)]), [1, 2, 0]).mul(tensor([1, -1, 2])), -1),
  shift: (x) =>
    pad(slice(x, null, [1, null]), [
      [0, 0],
      [0, 1],
    ]),
  swap: (x, y) => concat([slice(y, [1, null]), slice(x, [0, 1])], 0),
  gather: (x) => gather(x, rowOrder(x)),
  scatterAdd: (x, y) => add(scatterAdd(mul(0.5, x), rowOrder(x), x.shape[0]), mul(0.3, y)),
  tril: (x, y) => add(tril(x), mul(0.5, y)),
};

/** Steps with kinks, which random points do not hit. */
export const kinkedSteps: Readonly<Record<string, ProgramStep>> = {
  abs,
  maximum,
  minimum,
  clip: (x) => clip(x, -0.5, 0.7),
  where: (x, y) => where(less(x, y), sin(x), mul(2, y)),
  max: (x, y) => sub(max(x, 1, { keepDims: true }), y),
  sort: (x) => sort(x, 1),
  norm: (x, y) => div(y, add(1, norm(x, -1, { keepDims: true }))),
  guard: (x) => where(less(0, x), sqrt(where(less(0, x), x, 1)), zerosLike(x)),
};
