import { add, exp, mul, sin, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { centralDifference, differenceErrors } from "../src/index.ts";

const cube = (x: Tensor): Tensor => mul(x, mul(x, x));
const steps = Array.from({ length: 33 }, (_, i) => 10 ** (-8 + i / 4));

describe("central differences", () => {
  it("of a cube miss the derivative by ε²·dx³, in closed form", () => {
    const difference = centralDifference(cube, [tensor([2])], [tensor([3])], 0.1);
    expect(difference.item()).toBeCloseTo(3 * 4 * 3 + 0.01 * 27, 10);
    const { errors, truncation } = differenceErrors(cube, [tensor([2])], [tensor([3])], { steps: [0.1, 0.2] });
    expect(errors[0]).toBeCloseTo(0.27, 10);
    expect(truncation[0]).toBeCloseTo(0.27, 10);
    expect(errors[1] / errors[0]).toBeCloseTo(4, 8);
  });

  it("move several arguments together", () => {
    const product = (x: Tensor, y: Tensor): Tensor => mul(x, y);
    const [x, y] = [tensor([2]), tensor([5])];
    expect(centralDifference(product, [x, y], [tensor([1]), tensor([-1])], 1e-3).item()).toBeCloseTo(3, 9);
    expect(centralDifference(product, [x, y], [tensor([1]), tensor([0])], 1e-3).item()).toBeCloseTo(5, 9); // control
  });
});

describe("errors of central differences", () => {
  const f = (x: Tensor, s: Tensor): Tensor => add(sin(mul(2, x)), exp(mul(s, x)));

  it.each(["float32", "float64"] as const)("have their minimum near the predicted step, in %s", (dtype) => {
    const [x, s] = [tensor([[0.3, -0.8]], { dtype }), tensor(0.4, { dtype })];
    const [dx, ds] = [tensor([[1, 0.5]], { dtype }), tensor(1, { dtype })];
    const found = differenceErrors(f, [x, s], [dx, ds], { steps });
    const least = steps[found.errors.indexOf(Math.min(...found.errors))];
    expect(Math.abs(Math.log10(least / found.bestStep))).toBeLessThan(1);
    // right of the minimum the formula decides, left of it rounding
    const right = steps.findIndex((step) => step > 30 * found.bestStep);
    expect(found.errors[right] / found.truncation[right]).toBeCloseTo(1, 1);
    // at larger steps the fifth derivative counts too
    for (const i of steps.keys())
      if (steps[i] < 0.1) expect(found.errors[i]).toBeLessThan(2 * (found.truncation[i] + 4 * found.rounding[i]));
    expect(found.errors[right] / found.rounding[right]).toBeGreaterThan(100); // control
  });

  it("are measured from the given derivative", () => {
    const point = [tensor([2])];
    const { errors } = differenceErrors(cube, point, [tensor([1])], { steps: [1e-3], derivative: tensor([11]) });
    expect(errors[0]).toBeCloseTo(1, 4);
  });

  it("have no best step where the third derivative vanishes", () => {
    expect(differenceErrors((x) => mul(x, x), [tensor([2])], [tensor([1])], { steps: [0.1] }).bestStep).toBe(Infinity);
  });

  it("need positive steps and one tangent per argument", () => {
    expect(() => centralDifference(cube, [tensor([2])], [tensor([1])], 0)).toThrow(
      "centralDifference: a step must be positive and finite, got 0",
    );
    expect(() => differenceErrors(cube, [tensor([2])], [], { steps: [1] })).toThrow(
      "differenceErrors: tangents must be one per argument, got 0 for 1",
    );
  });
});
