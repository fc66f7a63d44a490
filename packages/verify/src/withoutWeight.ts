import { add, div, mul, reshape, sub, type Tensor, type TensorLike } from "@pushforward/tensor";
import { rowGradients } from "./lossInstance.ts";
import type { RowParameters } from "./rowNetwork.ts";

/**
 * e and its gradient from values L = factor·e/sg[e + c], whose gradient is factor·∇e/(e + c).
 *
 *   e = c·L/(factor − L),     ∇e = ∇L·(e + c)/factor
 *
 * @returns e [n, 1] and ∇e [n, parameters]
 */
export function withoutWeight(
  f: (parameters: RowParameters) => Tensor,
  parameters: RowParameters,
  { factor, c }: { readonly factor: TensorLike; readonly c: number },
): { readonly e: Tensor; readonly slopes: Tensor } {
  const value = reshape(f(parameters), [-1, 1]);
  const e = div(mul(c, value), sub(factor, value));
  return { e, slopes: div(mul(rowGradients(f, parameters), add(e, c)), factor) };
}
