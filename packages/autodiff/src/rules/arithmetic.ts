import { and, equal, greater, integerPow, less, log, pow, type Tensor, tensor, where } from "@pushforward/tensor";
import type { JvpTable, TransposeTable } from "./rule.ts";

/**
 * 1 where the operand wins, ½ where both are equal, 0 where it loses: ties share equally. Plain numbers would be float64 until they meet a
 * tangent of float32, and compiled code would compute and store them as such.
 */
const winner = (wins: Tensor, ties: Tensor, { dtype }: Tensor): Tensor => {
  const [one, half, none] = [1, 0.5, 0].map((value) => (dtype === "float32" ? tensor(value, { dtype }) : value));
  return where(wins, one, where(ties, half, none));
};

/**
 * The whole number q of x mod y = x − q·y, taken from the result: ⌊x/y⌋ rounds x/y first and may choose another. The division comes
 * before the difference, which could overflow; a result that was rounded up to y counts as y, also where y is infinite.
 */
const quotient = (x: Tensor, y: Tensor, out: Tensor): Tensor =>
  x
    .div(y)
    .sub(where(equal(out, y), 1, out.div(y)))
    .round();

export const arithmeticJvp = {
  /** d(x + y) = dx + dy */
  add: [(dx) => dx, (dy) => dy],
  /** d(x − y) = dx − dy */
  sub: [(dx) => dx, (dy) => dy.neg()],
  /** d(x·y) = y dx + x dy */
  mul: [(dx, { y }) => dx.mul(y), (dy, { x }) => dy.mul(x)],
  /** d(x/y) = dx/y − (x/y)/y dy */
  div: [(dx, { y }) => dx.div(y), (dy, { y, out }) => dy.mul(out.div(y).neg())],
  /** d(−x) = −dx */
  neg: [(dx) => dx.neg()],
  /** d xʸ = y·xʸ⁻¹ dx + xʸ·log x dy; at x = y = 0 the first term is 0, and at x = 0 the logarithm is left out */
  pow: [
    (dx, { x, y }) => dx.mul(y.mul(pow(x, where(and(equal(x, 0), equal(y, 0)), 1, y.sub(1))))),
    (dy, { x, out }) => dy.mul(out.mul(log(where(equal(x, 0), 1, x)))),
  ],
  /** d xⁿ = n·xⁿ⁻¹ dx */
  integerPow: [(dx, { x, params: { n } }) => (n === 0 ? null : dx.mul(integerPow(x, n - 1).mul(n)))],
  /** d|x| = sign(x) dx, 0 at 0 */
  abs: [(dx, { x }) => dx.mul(x.sign())],
  /** Constant wherever it is differentiable. */
  sign: [null],
  /** Constant wherever it is differentiable. */
  floor: [null],
  /** Constant wherever it is differentiable. */
  ceil: [null],
  /** Constant wherever it is differentiable. */
  round: [null],
  /** d max(x, y) = [x > y] dx + [y > x] dy, halves at ties */
  maximum: [
    (dx, { x, y }) => dx.mul(winner(greater(x, y), equal(x, y), dx)),
    (dy, { x, y }) => dy.mul(winner(less(x, y), equal(x, y), dy)),
  ],
  /** d min(x, y) = [x < y] dx + [y < x] dy, halves at ties */
  minimum: [
    (dx, { x, y }) => dx.mul(winner(less(x, y), equal(x, y), dx)),
    (dy, { x, y }) => dy.mul(winner(greater(x, y), equal(x, y), dy)),
  ],
  /** d(x mod y) = dx − (x − x mod y)/y dy */
  remainder: [(dx) => dx, (dy, { x, y, out }) => dy.mul(quotient(x, y, out).neg())],
} satisfies Partial<JvpTable>;

export const arithmeticTranspose = {
  add: { joint: "sum", operands: [(ct) => ct, (ct) => ct] },
  sub: { joint: "sum", operands: [(ct) => ct, (ct) => ct.neg()] },
  neg: { joint: "sum", operands: [(ct) => ct.neg()] },
  mul: { joint: "product", operands: [(ct, { y }) => ct.mul(y), (ct, { x }) => ct.mul(x)] },
  div: { joint: "product", operands: [(ct, { y }) => ct.div(y), null] },
} satisfies TransposeTable;
