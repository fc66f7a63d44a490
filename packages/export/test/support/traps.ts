import { grad } from "@pushforward/autodiff";
import {
  argsort,
  bind,
  cast,
  concat,
  type DenseTensor,
  interpret,
  matmul,
  max,
  maximum,
  norm,
  primitiveOf,
  remainder,
  round,
  sign,
  type Tensor,
  tensor,
  trace,
  zeros,
} from "@pushforward/tensor";
import { exportProgram, type TargetName } from "../../src/index.ts";
import type { PythonCase } from "./python.ts";

/** An operation at a point where frameworks differ, with our result. */
export interface Trap {
  readonly title: string;
  readonly f: (...inputs: Tensor[]) => Tensor;
  readonly inputs: readonly DenseTensor[];
  /** Whether the gradient of the sum is compared: ours, and that of the target by its own reverse mode. */
  readonly isGradient?: boolean;
}

const ints = (...values: number[]): DenseTensor => tensor(values, { dtype: "int32" });
const rows = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
]);

/** Points where the frameworks, or two functions of one framework, differ. */
export const traps: readonly Trap[] = [
  {
    title: "remainder has the sign of the divisor",
    f: (x, y) => remainder(x, y),
    inputs: [tensor([-7, 7, -7, 0.5]), tensor([3, -3, -3, 0.2])],
  },
  { title: "remainder of int32", f: (x, y) => remainder(x, y), inputs: [ints(-7, 7, 5, 5), ints(3, -3, -5, 0)] },
  { title: "halves are rounded to even", f: (x) => round(x), inputs: [tensor([0.5, 1.5, -2.5, 2.5])] },
  { title: "argsort is stable, and NaN is last", f: (x) => argsort(x), inputs: [tensor([2, 1, NaN, 1, 2, 0, -0])] },
  {
    title: "an index out of range is the nearest in range",
    f: (x, i) => bind(primitiveOf("gather"), [x, i], { batchAxes: 0 }),
    inputs: [rows, ints(-5, -1, 0, 2, 9)],
  },
  {
    title: "updates out of range are added at the nearest index",
    f: (x, i) => bind(primitiveOf("scatterAdd"), [x, i], { batchAxes: 0, size: 2 }),
    inputs: [rows, ints(-1, 5, 1)],
  },
  { title: "an empty constant has its shape", f: (x) => concat([x, zeros([0, 2])], 0), inputs: [rows] },
  { title: "sums of int32 wrap", f: (x) => x.sum(), inputs: [ints(2 ** 31 - 1, 2)] },
  { title: "products of int32 wrap", f: (x, y) => x.mul(y), inputs: [ints(2 ** 31 - 1), ints(3)] },
  { title: "sign of zeros and NaN", f: (x) => sign(x), inputs: [tensor([0, -0, -3, NaN])] },
  { title: "casts truncate", f: (x) => cast(x, "int32"), inputs: [tensor([-1.7, 1.7, -0.2])] },
  { title: "NaN is the larger", f: (x, y) => maximum(x, y), inputs: [tensor([NaN, 1]), tensor([1, NaN])] },
  {
    title: "products of float32",
    f: (x, y) => matmul(x, y),
    inputs: [rows.cast("float32"), tensor([[0.1], [0.2]]).cast("float32")] as DenseTensor[],
  },
  { title: "two equal largest share the derivative", f: (x) => max(x), inputs: [tensor([1, 3, 3])], isGradient: true },
  {
    title: "equal operands of maximum share the derivative",
    f: (x, y) => maximum(x, y).sum(),
    inputs: [tensor([1, 2]), tensor([1, 0])],
    isGradient: true,
  },
  { title: "the derivative of |x| at 0 is 0", f: (x) => x.abs().sum(), inputs: [tensor([0, -2])], isGradient: true },
  {
    title: "a maximum with an equal number has half of the derivative",
    f: (x) => maximum(x, 1).sum(),
    inputs: [tensor([1, 2, 0])],
    isGradient: true,
  },
  { title: "the normal distribution function is not 0 far below", f: (x) => x.normalCdf(), inputs: [tensor([-9, 9])] },
  { title: "the derivative of the norm at 0 is 0", f: (x) => norm(x), inputs: [tensor([0, 0])], isGradient: true },
  { title: "the derivative of x² at 0 is 0", f: (x) => x.pow(2).sum(), inputs: [tensor([0, -2])], isGradient: true },
];

/** Source of a trap, and its arguments. */
export function trapCase(to: TargetName, { f, inputs, isGradient }: Trap): PythonCase {
  const { text } = exportProgram(trace(f)(...inputs), to, { name: isGradient ? "f" : "main" });
  const gradient = { jax: "jax.grad(f)", torch: "torch.func.grad(f)" }[to];
  return { source: isGradient ? `${text}\n\nmain = ${gradient}\n` : text, inputs };
}

/** Our result of a trap. */
export const trapResult = ({ f, inputs, isGradient }: Trap): DenseTensor =>
  (isGradient ? grad(f)(...inputs) : interpret(trace(f)(...inputs), inputs)[0]) as DenseTensor;
