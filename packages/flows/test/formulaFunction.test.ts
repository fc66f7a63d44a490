import { grad, jvp, withStops } from "@pushforward/autodiff";
import { compile, DomainError, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { FormulaError, formulaFunction } from "../src/index.ts";

describe("formulaFunction", () => {
  it("evaluates, differentiates and compiles a formula", () => {
    const f = formulaFunction("2 x^2 * y - sin(x) / e", ["x", "y"]);
    const [x, y] = [0.7, -1.3];
    expect(f(tensor(x), tensor(y)).item()).toBe(2 * x ** 2 * y - Math.sin(x) / Math.E);
    const [, tangent] = jvp(f, [tensor(x), tensor(y)], [tensor(1), tensor(0)]);
    expect(tangent.item()).toBeCloseTo(4 * x * y - Math.cos(x) / Math.E, 14);
    expect(grad((y: Tensor) => f(tensor(x), y))(tensor(y)).item()).toBeCloseTo(2 * x ** 2, 15);
    expect(compile((x: Tensor) => f(x, 2))(tensor([1, 2])).dataSync()).toEqual(f(tensor([1, 2]), 2).dataSync());
    expect(formulaFunction("3", ["x"])(tensor(1)).item()).toBe(3);
  });

  it("has stop-gradients, which can be switched off by their label", () => {
    const f = formulaFunction("x * sg(1 / x)", ["x"]);
    expect(f(tensor(4)).item()).toBe(1);
    expect(grad((x: Tensor) => f(x))(tensor(4)).item()).toBe(0.25);
    expect(withStops(["sg"], () => grad((x: Tensor) => f(x))(tensor(4))).item()).toBe(0); // control
  });

  it.each([
    ["x +", ["x"], "must have a number, a symbol or a bracket at character 4, got the end"],
    ["x * z", ["x", "y"], 'the symbol "z" is not allowed in "x * z"; allowed are x, y, pi, e; see character 5'],
    ["sgn(x)", ["x"], 'the function "sgn" is not allowed'],
    ["sg(x, x)", ["x"], "sg takes 1 argument, got 2"],
    ["x $ 2", ["x"], 'the character "$" is not allowed'],
    ["[x, x]", ["x"], "must be one number, got a vector of 2"],
    ["t", ["x"], 'the symbol "t" is not allowed'],
    ["x", ["x", "x"], "symbols must be different names"],
    ["x", ["pi"], "symbols must be different names"],
  ])("refuses %s of %s", (formula, symbols, message) => {
    expect(() => formulaFunction(formula, symbols)).toThrow(/^formulaFunction: /);
    expect(() => formulaFunction(formula, symbols)).toThrow(message);
  });

  it.each([
    ["x +", 3],
    ["x * z", 4],
    ["1 + sgn(x)", 4],
    ["2 * sg(x, x)", 4],
    ["x $ 2", 2],
    ["1e x", 0],
    [`1 + ${"(".repeat(300)}x${")".repeat(300)}`, 204],
  ])("says at which character %s cannot be read, as its message does", (formula, position) => {
    const errors: unknown[] = [];
    try {
      formulaFunction(formula, ["x"]);
    } catch (error) {
      errors.push(error);
    }
    expect(errors[0]).toBeInstanceOf(FormulaError);
    expect(errors[0]).toBeInstanceOf(DomainError);
    expect(errors[0]).toMatchObject({ position, message: expect.stringContaining(`character ${position + 1}`) });
  });

  it("refuses another number of arguments", () => {
    expect(() => formulaFunction("x", ["x"])()).toThrow("takes 1 argument(s), x, got 0");
  });
});
