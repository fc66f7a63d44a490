import { valueAndGrad } from "@pushforward/autodiff";
import { globalNorm, type MlpParams } from "@pushforward/nn";
import { add, div, maximum, minimum, mul, type Tensor, treeMap } from "@pushforward/tensor";

/** What is learnt: the network, and ω(s, t) where the objective weights its samples by it. */
export interface Learnt {
  readonly network: MlpParams;
  readonly omega: MlpParams | null;
}

/** Factors of parts stay within these. @source Kim et al. 2023, official code, for its adversarial part */
const [least, most] = [0.01, 10];
/** Stands for a gradient of zero below a fraction. */
const smallest = 1e-20;

/** Value and gradient of the sum of parts. */
export const plainGradient = (f: (learnt: Learnt) => Tensor, at: Learnt): [Tensor, Learnt] =>
  valueAndGrad(f)(at) as [Tensor, Learnt];

/**
 * Value and gradient of parts that pull on the last layer with the force of the last part.
 *
 *   ∇ = ∇L_n + Σ λᵢ·∇Lᵢ,   λᵢ = ‖∇_last L_n‖/‖∇_last Lᵢ‖ as a constant, within [0.01, 10]
 *
 * @source Kim et al. 2023 (CTM), section 4; Esser et al. 2021
 */
export function balancedGradient(parts: readonly ((learnt: Learnt) => Tensor)[], at: Learnt): [Tensor, Learnt] {
  const all = parts.map((part) => plainGradient(part, at));
  const [mainValue, mainGradient] = all[all.length - 1];
  return all.slice(0, -1).reduce<[Tensor, Learnt]>(
    ([value, gradient], [partValue, partGradient]) => {
      const factor = balanceFactor(mainGradient, partGradient);
      const sum = treeMap((a: Tensor, b: Tensor) => add(a, mul(factor, b)), gradient, partGradient);
      return [add(value, mul(factor, partValue)), sum];
    },
    [mainValue, mainGradient],
  );
}

/** ‖∇_last of the main part‖ over that of another, clipped. */
function balanceFactor(main: Learnt, part: Learnt): Tensor {
  const [above, below] = [main, part].map(({ network: { layers } }) => globalNorm(layers[layers.length - 1]));
  return minimum(most, maximum(least, div(above, maximum(below, smallest))));
}
