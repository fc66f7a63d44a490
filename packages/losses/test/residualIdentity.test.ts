import { invertibleFlowMap, randomBijection } from "@pushforward/flows";
import { add, exp, key, matmul, mul, sub, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { backwardResidual, forwardResidual, residualIdentity } from "../src/index.ts";

const numbers = (values: Tensor): number[] => Array.from(values.dataSync());
const near = (got: Tensor, want: readonly number[]): void => {
  for (const [i, value] of numbers(got).entries()) expect(value).toBeCloseTo(want[i], 14);
};
const [x, s, t] = [tensor([[2, -1]]), tensor([[0.25]]), tensor([[0.75]])];
/** v(x, t) = (x₂, t) */
const v = (y: Tensor, time: Tensor): Tensor =>
  add(matmul(y, tensor([[0, 0], [1, 0]])), mul(time, tensor([[0, 1]]))); // biome-ignore format: a matrix

describe("the identity of the residuals", () => {
  it("has the values by hand on an affine map that is invertible in pairs", () => {
    // ψ_t(z) = e^t·z + (0, t), so that Φ = e^{t − s}·(x − (0, s)) + (0, t)
    const phi = (y: Tensor, from: Tensor, to: Tensor): Tensor =>
      add(mul(exp(sub(to, from)), sub(y, mul(from, tensor([[0, 1]])))), mul(to, tensor([[0, 1]])));
    const { end, back, forward, pushed, backward } = residualIdentity(phi, v, x, s, t);
    const growth = Math.exp(0.5);
    near(end, [2 * growth, -1.25 * growth + 0.75]);
    near(back, [2, -1]);
    // v_s(x) = (−1, 0.25); ∂ₛΦ(y, t, s) = (x − (0, s)) + (0, 1) = (2, −0.25)
    near(forward, [-3, 0.5]);
    near(pushed, [-3 * growth, 0.5 * growth]);
    near(backward, [-3 * growth, 0.5 * growth]);
  });

  it("fails by hand where the way back is another map (control)", () => {
    // Φ = x + (t − s)·x: back from the end 1.5·x the map returns 0.75·x
    const phi = (y: Tensor, from: Tensor, to: Tensor): Tensor => add(y, mul(sub(to, from), y));
    const { end, back, forward, pushed, backward } = residualIdentity(phi, v, x, s, t);
    near(end, [3, -1.5]);
    near(back, [1.5, -0.75]);
    near(forward, [-0.75 - 3, 0.25 + 1.5]);
    near(pushed, [1.5 * -3.75, 1.5 * 1.75]);
    near(backward, [-2 - 1.5, 1 + 0.375]);
  });

  it("consists of the two residuals", () => {
    const phi = invertibleFlowMap(randomBijection(key(3), { dim: 2 }));
    const { end, forward, backward } = residualIdentity(phi, v, x, s, t);
    expect(numbers(backward)).toEqual(numbers(backwardResidual(phi, v(x, s), x, s, t)));
    expect(numbers(forward)).toEqual(numbers(forwardResidual(phi, v, end, t, s)));
  });
});
