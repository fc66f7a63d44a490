import { jvp, vjp } from "@pushforward/autodiff";
import { compile, onesLike, type Tensor, tensor } from "@pushforward/tensor";
import fc from "fast-check";
import { evaluate } from "mathjs";
import { describe, expect, it } from "vitest";
import { formulaVelocity } from "../src/formulaVelocity.ts";
import { integrate } from "../src/integrate.ts";
import { expectValues, valuesOf } from "./expectValues.ts";

const x = tensor([
  [1, 2],
  [-0.5, 3],
]);
const rotation = formulaVelocity("[-x2, x1] * (1 - t)", { dim: 2 });

/** Formulas of the whole grammar, with blanks in random places. */
const { formulas } = fc.letrec<{ formulas: string; factor: string; value: string }>((tie) => {
  const joined = (items: fc.Arbitrary<string>, signs: readonly string[], maxLength: number) =>
    fc
      .tuple(items, fc.array(fc.tuple(fc.constantFrom(...signs), items), { maxLength }))
      .map(([first, rest]) => rest.reduce((text, [sign, item]) => `${text}${sign}${item}`, first));
  return {
    formulas: joined(joined(tie("factor"), [" * ", "/", "*"], 2), [" + ", "-", " - "], 2),
    factor: fc.oneof(
      { weight: 3, arbitrary: tie("value") },
      tie("value").map((value) => `-${value}`),
      fc.tuple(tie("value"), fc.constantFrom("^2", "^-1", "^3^1^2")).map(([value, power]) => value + power),
      fc
        .tuple(tie("value"), fc.constantFrom("2", ".5 "))
        .map(([value, number]) => `(${number}${/^[xtsam(]/.test(value) ? value : `(${value})`}^2)`),
    ),
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("x1", "t", "pi", "e", "2", "1.5e-1", "3."),
      tie("formulas").map((text) => `(${text})`),
      fc
        .tuple(fc.constantFrom("sin", "tanh", "abs", "exp"), tie("formulas"))
        .map(([name, text]) => `${name}(tanh(${text}))`),
      fc
        .tuple(fc.constantFrom("min", "max"), tie("formulas"), tie("value"))
        .map(([name, a, b]) => `${name}(${a}, ${b})`),
    ),
  };
});

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
    ["[-x1^2, 2^-x1]", [-1, 0.5, -0.25, Math.SQRT2]],
    ["[2^3^2, --x2]", [512, 2, 512, 3]],
    ["[2x1 * 3(x2 - 1), -2 x1^2]", [6, -2, -6, -0.5]],
    ["2 (t [0, 1])".replace("t [", "t * ["), [0, 1, 0, 1]],
    ["[\n  1.5e1 - .5,\n  1.\n]", [14.5, 1, 14.5, 1]],
    ["([x1, x2] * 6) / 3 - -[1, 1]", [3, 5, 0, 7]],
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
        expect(valuesOf(f(points, tensor(0.5, { dtype })))).toEqual([1, 2, 1, 4]);
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
    ["[x3, x1]", 'the symbol "x3" is not allowed in "[x3, x1]"; allowed are x1, x2, t, pi, e; see character 2'],
    ["[y, x1]", 'the symbol "y" is not allowed'],
    ["[x01, x2]", 'the symbol "x01" is not allowed'],
    ["[sin x1, x2]", 'the symbol "sin" is not allowed'],
    ["[import(x1), x2]", 'the function "import" is not allowed'],
    ["[sinn(x1), x2]", "did you mean sin, sinh or sign?; see character 2"],
    ["[constructor(x1), x2]", 'the function "constructor" is not allowed'],
    ["[toString, x2]", 'the symbol "toString" is not allowed'],
    ["[x1.constructor, x2]", 'the symbol "x1.constructor" is not allowed'],
    ["[process.exit(1), x2]", 'the function "process.exit" is not allowed'],
    ["f(x) = x", 'the character "=" is not allowed'],
    ["a = 3; [a, a]", 'the character "=" is not allowed'],
    ['["x", x2]', 'the character "\\"" is not allowed'],
    ["[true, x2]", 'the symbol "true" is not allowed'],
    ["[x1 % 2, x2]", 'the character "%" is not allowed in "[x1 % 2, x2]"'],
    [
      "[t%{, x1]",
      'the character "%" is not allowed in "[t%{, x1]"; allowed are numbers, names, + - * / ^ ( ) [ ] and ,; see character 3',
    ],
    ["[x1', x2]", 'the character "\'" is not allowed'],
    ["[x1, x2] # two", 'the character "#" is not allowed'],
    ["[x1 > 0 ? 1 : 2, x2]", 'the character ">" is not allowed'],
    ["[x1:3, x2]", 'the character ":" is not allowed'],
    ["[x1 − x2, 1]", 'the character "−" is not allowed'],
    ["[1e x1, 1]", 'the number "1e" is not allowed in "[1e x1, 1]"; allowed are decimal numbers; see character 2'],
    ["[2exp(x1), 1]", 'the number "2exp" is not allowed'],
    ["[0x1Fi32, 1]", 'the number "0x1Fi32" is not allowed'],
    ["[0x1, 1]", 'the number "0x1" is not allowed'],
    ["[1e999, 1]", 'the number "1e999" is not allowed'],
    ["[1e-999, 1]", 'the number "1e-999" is not allowed'],
    ["[1i, 1]", 'the symbol "i" is not allowed'],
    ["[1_000, 1]", 'the symbol "_000" is not allowed'],
    ["[1.2.3, 1]", 'must have "]" at character 5, got ".3"'],
    ["[2 3, 1]", 'got "3"'],
    ["[x1 x2, 1]", 'got "x2"'],
    ["[1 / 2 x1, 1]", 'got "x1"'],
    ["[2^2 x1, 1]", 'got "x1"'],
    ["[(x1)(x2), 1]", 'got "("'],
    ["[x1 (x2), 1]", 'the function "x1" is not allowed'],
    ["[x1 ** 2, 1]", 'got "*"'],
    ["[x1, x2,]", 'must have a number, a symbol or a bracket at character 9, got "]"'],
    ["[sin(x1, x2), 1]", "sin takes 1 argument, got 2"],
    ["[max(x1), 1]", "max takes 2 arguments, got 1"],
    ["[sin(), 1]", "must have a number, a symbol or a bracket"],
    ["[x1, x2", 'must have "]" at character 8, got the end'],
    ["[x1, x2]]", 'must have an operator at character 9, got "]"'],
    ["", "must be a formula"],
    ["x1", "must have 2 components like x, got 1"],
    ["[x1, x2, t]", "must have 2 components like x, got 3"],
    ["[x1, x2] * [1, 2]", "mixes vectors and numbers"],
    ["[x1, x2] + 1", "mixes vectors and numbers"],
    ["1 / [x1, x2]", '"1 / [x1, x2]" mixes vectors and numbers'],
    ["[x1, x2] ^ 2", "mixes vectors and numbers"],
    ["[x1, x2] + [1]", "equal lengths, got 2 and 1"],
    ["[[x1], x2]", "must be a number, got the vector [x1]"],
    ["[sin([x1, x2]), 1]", "an argument of sin must be a number"],
  ])("refuses %s", (formula, message) => {
    expect(() => formulaVelocity(formula, { dim: 2 })).toThrow(message);
    expect(() => formulaVelocity(formula, { dim: 2 })).toThrow(/^formulaVelocity: /);
  });

  it("is refused unless it is text", () => {
    for (const formula of [undefined, 3, ["x1"]]) {
      expect(() => formulaVelocity(formula as never, { dim: 1 })).toThrow(
        "formulaVelocity: the formula must be text, got",
      );
    }
  });

  it("may be long", () => {
    const count = 10_000;
    const points = tensor([[1], [2]]);
    expectValues(formulaVelocity(Array(count).fill("x1").join("+"), { dim: 1 })(points, 0), [count, 2 * count], 0);
    expectValues(formulaVelocity(Array(count).fill("x1").join("*1/"), { dim: 1 })(points, 0), [1, 2 ** (2 - count)], 0);
    expectValues(formulaVelocity(`${"-".repeat(count + 1)}x1`, { dim: 1 })(points, 0), [-1, -2], 0);
  });

  it.each([
    ["brackets", "(", "x1", ")"],
    ["vectors", "[", "x1", "]"],
    ["calls", "sin(", "x1", ")"],
    ["exponents", "x1^", "x1", ""],
    ["signed exponents", "x1^-", "x1", ""],
  ])("may not be deep: %s", (_, open, inner, close) => {
    const nested = (depth: number): string => open.repeat(depth) + inner + close.repeat(depth);
    expect(() => formulaVelocity(nested(20_000), { dim: 1 })).toThrow(
      /^formulaVelocity: brackets, calls and exponents must be nested at most 200 deep, got more in ".{80}…"; see character \d+$/,
    );
    if (open !== "[") expect(formulaVelocity(nested(200), { dim: 1 })(tensor([[1]]), 0).shape).toEqual([1, 1]);
  });

  it("is shortened in messages", () => {
    for (const [formula, dim] of [
      [`${"x1 + ".repeat(1000)}y`, 1],
      [`${"x1 + ".repeat(1000)}[x1]`, 1],
      ["x1+".repeat(1000), 1],
      [`[${Array(5000).fill("x1").join(", ")}]`, 2],
      ["y".repeat(5000), 1],
      ["y", 5000],
    ] as const) {
      const attempt = () => formulaVelocity(formula, { dim });
      expect(attempt).toThrow(/^formulaVelocity: /);
      expect(attempt).toThrow(/^.{0,400}$/);
    }
  });

  it("agrees with mathjs on random formulas", () => {
    fc.assert(
      fc.property(
        formulas,
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (formula, x1, t) => {
          const [value] = valuesOf(formulaVelocity(formula, { dim: 1 })(tensor([[x1]]), t));
          const expected: unknown = evaluate(formula, { x1, t });
          fc.pre(typeof expected === "number"); // mathjs continues to complex numbers
          if (Number.isFinite(expected))
            expect(Math.abs(value - (expected as number))).toBeLessThanOrEqual(
              1e-9 * (1 + Math.abs(expected as number)),
            );
        },
      ),
      { numRuns: 500, seed: 1 }, // other seeds find sums that cancel,
    );
  });

  it("refuses points of another dimension and a broken dim", () => {
    expect(() => rotation(tensor([[1]]), 0)).toThrow(/formulaVelocity: x must be \[batch, 2\]/);
    expect(() => formulaVelocity("x1", { dim: 0 })).toThrow(/dim must be a whole number ≥ 1, got 0/);
  });
});
