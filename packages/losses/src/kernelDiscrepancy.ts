import { checkPoints, checkSameShape } from "@pushforward/flows";
import { mean, mul, mustBe, optionsOf, type Tensor } from "@pushforward/tensor";
import { inGroups, repeatInGroups } from "./groups.ts";
import { squaredDistances } from "./squaredDistances.ts";

/** A kernel as a function of squared distances, [groups, M, M] → [groups, M, M]. */
export type RadialKernel = (squaredDistances: Tensor) => Tensor;

/** The mean of a kernel over all pairs of samples of two lists of groups, [groups, M, dim] → [groups]. */
const meanOfPairs = (a: Tensor, b: Tensor, kernel: RadialKernel): Tensor =>
  mean(kernel(squaredDistances(a, b)), [1, 2]);

/**
 * The squared distance of two sets of samples by a kernel, with all pairs, group by group (squared maximum mean discrepancy).
 *
 *   1/M² · Σ_ij [ k(aᵢ, aⱼ) + k(bᵢ, bⱼ) − 2·k(aᵢ, bⱼ) ]
 *
 * @param a              samples, [batch, dim]
 * @param b              other samples, [batch, dim]
 * @param options.group  number M of consecutive samples in a set
 * @param options.kernel k as a function of ‖x − y‖²
 * @returns the value of a group at each of its samples, [batch]
 * @source Gretton et al. 2012, equation 5, the biased estimate
 */
export function kernelDiscrepancy(
  a: Tensor,
  b: Tensor,
  options: { readonly group: number; readonly kernel: RadialKernel },
): Tensor {
  const { group, kernel } = optionsOf("kernelDiscrepancy", options);
  checkPoints("kernelDiscrepancy", a, undefined, "a");
  checkSameShape("kernelDiscrepancy", "b", b, a, " like a");
  mustBe("kernelDiscrepancy", "the kernel", kernel, "function");
  const [x, y] = [a, b].map((points) => inGroups(points, group));
  const own = meanOfPairs(x, x, kernel).add(meanOfPairs(y, y, kernel));
  return repeatInGroups(own.sub(mul(2, meanOfPairs(x, y, kernel))), group);
}
