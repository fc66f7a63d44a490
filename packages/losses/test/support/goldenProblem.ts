import { gaussian, integrate } from "@pushforward/flows";
import { add, matmul, mul, type Tensor, type TensorLike, tanh, tensor, transpose } from "@pushforward/tensor";

/** Parameters of the model of the golden numbers: U(x, s, t) = tanh(Ax + bs + ct + d). */
export interface TanhParams {
  readonly A: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
  readonly d: Tensor;
}

/** @source losses.md §6.1 */
export const goldenParams: TanhParams = {
  A: tensor([
    [0.5, -0.3],
    [0.2, 0.4],
  ]),
  b: tensor([0.1, -0.2]),
  c: tensor([-0.3, 0.25]),
  d: tensor([0.05, -0.1]),
};

/** Other parameters, for networks that are not the student. */
export const otherParams: TanhParams = {
  A: tensor([
    [0.3, 0.1],
    [-0.2, 0.5],
  ]),
  b: tensor([-0.15, 0.3]),
  c: tensor([0.2, -0.1]),
  d: tensor([-0.05, 0.2]),
};

/** U at given parameters. */
export const tanhModel =
  ({ A, b, c, d }: TanhParams) =>
  (x: Tensor, s: TensorLike, t: TensorLike): Tensor =>
    tanh(add(matmul(x, transpose(A)), add(add(mul(b, s), mul(c, t)), d)));

/** The Gaussian of losses.md §1.6. */
export const law = gaussian({
  mean: [1, -1],
  cov: [
    [1, 0.6],
    [0.6, 0.5],
  ],
});

/** The one sample of the golden numbers, as a batch of one. */
export const sample = {
  noise: tensor([[0.3, -1.2]]),
  data: tensor([[1.5, -0.4]]),
  xs: tensor([[0.54, -1.04]]),
  s: 0.2,
  t: 0.7,
};

/** X_1 − X_0. */
export const conditional = sample.data.sub(sample.noise);

/** The exact velocity at (X_s, s). */
export const marginal = law.velocity(sample.xs, sample.s);

/** One step of a solver along the exact velocity. */
export const oneStep =
  (solver: "euler" | "heun") =>
  (x: Tensor, a: Tensor, b: Tensor): Tensor =>
    integrate(law.velocity, x, a, b, { solver, steps: 1 });
