import { describe, expect, it } from "vitest";
import { parseExpression, type Syntax } from "../../src/expression/index.ts";
import { primitives } from "../../src/index.ts";

/** A text with every call written out. */
function print(syntax: Syntax): string {
  if (syntax.kind === "name") return syntax.name;
  return syntax.kind === "number" ? String(syntax.value) : `${syntax.name}(${syntax.args.map(print).join(" ")})`;
}

const read = (text: string): string => print(parseExpression(text));

describe("the text of a kernel", () => {
  it.each([
    ["x + y * z", "add(x mul(y z))"],
    ["x - y - z", "sub(sub(x y) z)"],
    ["x / y * z", "mul(div(x y) z)"],
    ["(x + y) * z", "mul(add(x y) z)"],
    ["-x * y", "mul(neg(x) y)"],
    ["- -x", "neg(neg(x))"],
    ["!x & y | z ^ w", "or(and(not(x) y) xor(z w))"],
    ["x << 3 + y", "shl(x add(3 y))"],
    ["x >>> y < z", "lt(shrU(x y) z)"],
    ["x < y == z < w", "eq(lt(x y) lt(z w))"],
    ["select(x > 0, x, -x)", "select(lt(0 x) x neg(x))"],
    ["x >= y != z", "not(eq(le(y x) z))"],
    ["integerPow(x, -3)", "integerPow(x -3)"],
    ["f()", "f()"],
    ["1.5e-3 * x + .25 - 2.", "sub(add(mul(0.0015 x) 0.25) 2)"],
    ["\n x\t+ y ", "add(x y)"],
  ])("%s is %s", (text, calls) => {
    expect(read(text)).toBe(calls);
  });

  it("binds and associates as JavaScript does", () => {
    const random = (seed: number): number => ((seed * 48271) % 2147483647) / 2147483647;
    const signs = ["+", "-", "*", "/", "<<", ">>>", "&", "|", "^", "<", "<=", "==", "!="];
    for (let seed = 1; seed < 300; seed++) {
      let text = "5";
      for (let i = 0; i < 5; i++) {
        text += ` ${signs[Math.floor(random(seed * 31 + i) * signs.length)]} ${1 + Math.floor(random(seed * 57 + i) * 9)}`;
      }
      expect(evaluate(parseExpression(text)), text).toBe(Number(new Function(`return ${text}`)()));
    }
  });

  it("of every primitive parses", () => {
    const params = { n: 3, word: 1, dtype: "float32" };
    for (const primitive of Object.values(primitives)) {
      const { kernel } = primitive as { kernel?: (params: object) => string };
      if (kernel) expect(() => parseExpression(kernel(params))).not.toThrow();
    }
  });

  it.each([
    ["x +", 'expression "x +": an operand must stand here, got its end'],
    ["", 'expression "": an operand must stand here, got its end'],
    ["x y", 'expression "x y": an operator must stand here, got "y"'],
    ["tanh(x", 'expression "tanh(x": ")" must stand here, got its end'],
    ["x + * y", 'expression "x + * y": an operand must stand here, got "*"'],
    ["x # y", 'expression "x # y": a token must stand here, got "#"'],
    ["(x, y)", 'expression "(x, y)": ")" must stand here, got ","'],
  ])("refuses %j", (text, message) => {
    expect(() => parseExpression(text)).toThrow(message);
  });
});

/** Numbers as JavaScript has them: a comparison counts as 0 or 1. */
function evaluate(syntax: Syntax): number {
  if (syntax.kind !== "call") return (syntax as { value: number }).value;
  const [a, b] = syntax.args.map(evaluate);
  const meanings: Record<string, () => number | boolean> = {
    ...{
      add: () => a + b,
      sub: () => a - b,
      mul: () => a * b,
      div: () => a / b,
      shl: () => a << b,
      shrU: () => a >>> b,
    },
    ...{ and: () => a & b, or: () => a | b, xor: () => a ^ b, lt: () => a < b, le: () => a <= b, eq: () => a === b },
    not: () => !a,
  };
  return Number(meanings[syntax.name]());
}
