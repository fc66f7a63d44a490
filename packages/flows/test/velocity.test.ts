import { concat, matmul, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { learnedVelocity, linearVelocity, pointMassVelocity } from "../src/velocity.ts";
import { expectValues } from "./expectValues.ts";

describe("velocity fields", () => {
  it("a point mass pulls with (a − x)/(1 − t)", () => {
    expectValues(pointMassVelocity([2, 0])(tensor([[1, 1]]), 0.5), [2, -2], 1e-15);
  });

  it("a linear ODE multiplies by its matrix", () => {
    expectValues(
      linearVelocity([
        [0, 1],
        [-2, 0],
      ])(tensor([[3, 5]]), 0),
      [5, -6],
      0,
    );
  });

  it("a network sees times as [batch, 1] and x as it is", () => {
    const network = (w: ReturnType<typeof tensor>, x: Parameters<typeof matmul>[0], t: Parameters<typeof matmul>[0]) =>
      matmul(concat([x, t], 1), w);
    const v = learnedVelocity(
      network,
      tensor([
        [1, 0],
        [0, 1],
        [1, 1],
      ]),
      2,
    );
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expectValues(v(x, 0.5), [1.5, 2.5, 3.5, 4.5], 0);
    expectValues(v(x, tensor([[0], [1]])), [1, 2, 4, 5], 0);
  });

  it("a network of another shape is refused", () => {
    const v = learnedVelocity((_, x) => x.slice(null, [0, 1]), null, 2);
    expect(() => v(tensor([[1, 2]]), 0)).toThrow("learnedVelocity: the network must return [1, 2] like x, got [1, 1]");
    expect(() => v(tensor([[1]]), 0)).toThrow(/learnedVelocity: x must be \[batch, 2\]/);
  });
});
