import { checkGrads } from "@pushforward/autodiff";
import { sum, type Tensor, tensor } from "@pushforward/tensor";
import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { gaussian, linearGenerator } from "../../src/index.ts";

const [scale, shift] = [tensor([0.8, 0.6]), tensor([0.5, -0.2])];
const law = gaussian({ mean: [0.5, -0.2], std: [0.8, 0.6] });
const x = tensor([
  [0.3, -1.1],
  [1.4, 0.2],
]);
const t = tensor([[0.35], [0.8]]);

describe("a linear generator", () => {
  it("has Gaussian samples, with their velocity, score and density at all times", () => {
    const student = linearGenerator({ scale, shift });
    expectClose(student.generate(x), x.mul(scale).add(shift), { condition: 1 });
    expectClose(student.velocity(x, t), law.velocity(x, t), { condition: 10 });
    expectClose(student.score(x, t), law.score(x, t), { condition: 10 });
    expectClose(student.logProb(x, t), law.logProb(x, t), { condition: 10 });
    expectClose(student.logProb(x), law.logProb(x), { condition: 10 });
  });

  it("differentiates in its parameters", () => {
    const f = (a: Tensor, b: Tensor): Tensor => {
      const { velocity, logProb } = linearGenerator({ scale: a, shift: b });
      return sum(velocity(x, t)).add(sum(logProb(x, t)));
    };
    checkGrads(f, [scale, shift], { order: 2 });
  });

  it("a wrong scale is seen", () => {
    const other = linearGenerator({ scale: scale.mul(1.01), shift });
    expect(Math.max(...other.velocity(x, t).sub(law.velocity(x, t)).abs().dataSync())).toBeGreaterThan(1e-3);
  });

  it("names both shapes where they disagree", () => {
    expect(() => linearGenerator({ scale, shift: tensor([1]) })).toThrow(
      "linearGenerator: scale and shift must be [dim], got [2] and [1]",
    );
    expect(() => linearGenerator({ scale, shift }).velocity(tensor([[1]]), t)).toThrow("linearGenerator.velocity: x");
  });
});
