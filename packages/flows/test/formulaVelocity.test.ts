import { jvp, vjp } from "@pushforward/autodiff";
import { compile, onesLike, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { formulaVelocity } from "../src/formulaVelocity.ts";
import { integrate } from "../src/integrate.ts";
import { expectValues, valuesOf } from "./expectValues.ts";

const x = tensor([
  [1, 2],
  [-0.5, 3],
]);
const rotation = formulaVelocity("[-x2, x1] * (1 - t)", { dim: 2 });

describe("formulaVelocity", () => {
  it("computes what it says", () => {
    expectValues(rotation(x, 0.25), [-1.5, 0.75, -2.25, -0.375], 1e-15);
    expectValues(rotation(x, tensor([[0], [1]])), [-2, 1, 0, 0], 0);
  });

  it.each([
    ["[x1^2 + 3, 2 x2 / 4]", [4, 1, 3.25, 1.5]],
    ["[max(x1, 0), min(x2, 2.5)]", [1, 2, 0, 2.5]],
    ["-[x1, x2] / 2 + [1, pi] - [0, pi]", [0.5, -1, 1.25, -1.5]],
    ["[1, e]", [1, Math.E, 1, Math.E]],
    ["(1 + 1) * [abs(x1), sqrt(x2 * x2)]", [2, 4, 1, 6]],
    ["[pow(x1, 3), +x2]", [1, 2, -0.125, 3]],
  ])("reads %s", (formula, expected) => {
    expectValues(formulaVelocity(formula, { dim: 2 })(x, 0.5), expected, 1e-15);
  });

  it("knows all its functions", () => {
    const names = ["sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "exp", "log", "sqrt", "abs", "sign"] as const;
    for (const name of names) {
      expectValues(formulaVelocity(`${name}(x1)`, { dim: 1 })(tensor([[0.7]]), 0), [Math[name](0.7)], 1e-15);
    }
    expectValues(formulaVelocity("sigmoid(x1)", { dim: 1 })(tensor([[0]]), 0), [0.5], 0);
  });

  it("a formula in one dimension needs no brackets and keeps float32", () => {
    const v = formulaVelocity("2", { dim: 1 })(tensor([[1], [2]], { dtype: "float32" }), 0);
    expect([v.shape, v.dtype, valuesOf(v)]).toEqual([[2, 1], "float32", [2, 2]]);
  });

  it.each([Infinity, -Infinity, NaN])("a coordinate %d leaves alone the components that do not use it", (far) => {
    for (const dtype of ["float64", "float32"] as const) {
      const points = tensor(
        [
          [far, 2],
          [3, 4],
        ],
        { dtype },
      );
      const v = formulaVelocity("[1, x2]", { dim: 2 });
      for (const f of [v, compile(v)]) {
        expect(f(points, 0.5).dtype).toBe(dtype);
        expect(valuesOf(f(points, tensor(0.5)))).toEqual([1, 2, 1, 4]);
      }
      expect(valuesOf(jvp((y: Tensor) => v(y, 0.5), [points], [onesLike(points)])[1])).toEqual([0, 1, 0, 1]);
      expect(valuesOf(vjp((y: Tensor) => v(y, 0.5), [points])[1](onesLike(points))[0])).toEqual([0, 1, 0, 1]);
    }
  });

  it("differentiates in both modes, compiles and can be solved", () => {
    const [, dv] = jvp((y: Tensor) => rotation(y, 0.25), [x], [onesLike(x)]);
    expectValues(dv, [-0.75, 0.75, -0.75, 0.75], 1e-15);
    const [, pullback] = vjp((y: Tensor) => rotation(y, 0.25), [x]);
    expectValues(pullback(onesLike(x))[0], [0.75, -0.75, 0.75, -0.75], 1e-15);
    expectValues(
      compile((y: Tensor, t: Tensor) => rotation(y, t))(x, tensor(0.25)),
      valuesOf(rotation(x, 0.25)),
      1e-15,
    );
    // the angle turned from 0 to 1 is ∫(1 − t) dt = ½
    const moved = integrate(rotation, tensor([[1, 0]]), 0, 1, { solver: "rk4", steps: 20 });
    expectValues(moved, [Math.cos(0.5), Math.sin(0.5)], 1e-7);
  });

  it.each([
    ["[x3, x1]", 'the symbol "x3" is not allowed in "[x3, x1]"; allowed are x1, x2, t, pi, e'],
    ["[y, x1]", 'the symbol "y" is not allowed'],
    ["[import(x1), x2]", 'the function "import" is not allowed'],
    ["[constructor(x1), x2]", 'the function "constructor" is not allowed'],
    ["[toString, x2]", 'the symbol "toString" is not allowed'],
    ["[x1.constructor, x2]", "(AccessorNode) is not allowed"],
    ["[process.exit(1), x2]", 'the function "process.exit" is not allowed'],
    ["f(x) = x", "(FunctionAssignmentNode) is not allowed"],
    ["a = 3; [a, a]", "(BlockNode) is not allowed"],
    ["[x1 = 2, x2]", "(AssignmentNode) is not allowed"],
    ['["x", x2]', 'the constant "x" is not allowed'],
    ["[true, x2]", "the constant true is not allowed"],
    ["[x1 % 2, x2]", 'the operator "%" is not allowed'],
    ["[x1', x2]", 'the operator "\'" is not allowed'],
    ["[x1 > 0 ? 1 : 2, x2]", "(ConditionalNode) is not allowed"],
    ["[x1:3, x2]", "(RangeNode) is not allowed"],
    ["[sin(x1, x2), 1]", "sin takes 1 argument, got 2"],
    ["[x1, x2", "must be a formula"],
    ["", "is not allowed"],
    ["x1", "must have 2 components like x, got 1"],
    ["[x1, x2, t]", "must have 2 components like x, got 3"],
    ["[x1, x2] * [1, 2]", "mixes vectors and numbers"],
    ["[x1, x2] + 1", "mixes vectors and numbers"],
    ["1 / [x1, x2]", "mixes vectors and numbers"],
    ["[x1, x2] ^ 2", "mixes vectors and numbers"],
    ["[x1, x2] + [1]", "equal lengths, got 2 and 1"],
    ["[[x1], x2]", "must be a number, got the vector [x1]"],
    ["[sin([x1, x2]), 1]", "an argument of sin must be a number"],
  ])("refuses %s", (formula, message) => {
    expect(() => formulaVelocity(formula, { dim: 2 })).toThrow(message);
  });

  it("refuses points of another dimension and a broken dim", () => {
    expect(() => rotation(tensor([[1]]), 0)).toThrow(/formulaVelocity: x must be \[batch, 2\]/);
    expect(() => formulaVelocity("x1", { dim: 0 })).toThrow(/dim must be a whole number ≥ 1, got 0/);
  });
});
