import { valueAndGrad } from "@pushforward/autodiff";
import { globalNorm } from "@pushforward/nn";
import { add, div, maximum, minimum, mul, type Tensor, type Tree, treeMap } from "@pushforward/tensor";

/** Everything that the loss of a student trains: the student, and the parameters of learners that the same loss trains. */
export interface Trained<P> {
  readonly student: P;
  readonly learners: Tree;
}

/** A loss, or a part of it, as a function of the parameters that it trains. */
export type TrainedLoss<P> = (trained: Trained<P>) => Tensor;

/** Factors of parts stay within these. @source Kim et al. 2023, official code, for its adversarial part */
const [least, most] = [0.01, 10];
/** Stands for a gradient of zero below a fraction. */
const smallest = 1e-20;

/** Value and gradient of a loss. */
export const plainGradient = <P>(f: TrainedLoss<P>, at: Trained<P>): [Tensor, Trained<P>] =>
  valueAndGrad(f)(at) as [Tensor, Trained<P>];

/**
 * Value and gradient of parts, whose gradients in the last layer are scaled to the norm of the last part's.
 *
 *   ∇ = ∇L_n + Σ λᵢ·∇Lᵢ,   λᵢ = ‖∇_last L_n‖/‖∇_last Lᵢ‖ as a constant, within [0.01, 10]
 *
 * @param lastLayer the part of the student's gradient that belongs to its last layer
 * @source Kim et al. 2023 (CTM), section 4; Esser et al. 2021
 */
export function balancedGradient<P>(
  parts: readonly TrainedLoss<P>[],
  at: Trained<P>,
  lastLayer: (gradient: P) => Tree,
): [Tensor, Trained<P>] {
  const all = parts.map((part) => plainGradient(part, at));
  const normOf = ({ student }: Trained<P>): Tensor => globalNorm(lastLayer(student));
  const [mainValue, mainGradient] = all[all.length - 1];
  return all.slice(0, -1).reduce<[Tensor, Trained<P>]>(
    ([value, gradient], [partValue, partGradient]) => {
      const ratio = div(normOf(mainGradient), maximum(normOf(partGradient), smallest));
      const factor = minimum(most, maximum(least, ratio));
      const sum = treeMap((a: Tensor, b: Tensor) => add(a, mul(factor, b)), gradient, partGradient);
      return [add(value, mul(factor, partValue)), sum];
    },
    [mainValue, mainGradient],
  );
}
