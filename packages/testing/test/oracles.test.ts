import { linspace, onesLike, type Tensor, tensor } from "@pushforward/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type bigFunctions,
  centralDifference,
  closedForms,
  complexRules,
  complexStep,
  expectClose,
  expressionDerivative,
  forAll,
  fourthOrderDifference,
  isAnalytic,
  primitiveCases,
  primitiveNames,
  randomPrograms,
  richardson,
  richardsonEstimate,
  ulpError,
  worstError,
} from "../src/index.ts";

// sin·exp + tanh/(1 + x²) on 2,000 points: the function on which the oracles' accuracy is quoted.
const f = (x: Tensor): Tensor =>
  x
    .sin()
    .mul(x.exp())
    .add(x.tanh().div(x.mul(x).add(1)));
const slope = (x: number): number =>
  Math.exp(x) * (Math.sin(x) + Math.cos(x)) +
  (1 - Math.tanh(x) ** 2) / (1 + x * x) -
  (2 * x * Math.tanh(x)) / (1 + x * x) ** 2;
const x = linspace(-2, 2, 2000);
const want = tensor([...x.dataSync()].map(slope));
const errorOf = (got: unknown): number => worstError(got, want, 1);

describe("difference oracles", () => {
  it.each([
    ["central difference", () => centralDifference(f, [x], [onesLike(x)]), 5e-10],
    ["fourth order", () => fourthOrderDifference(f, [x], [onesLike(x)]), 5e-12],
    ["Richardson", () => richardson(f, [x], [onesLike(x)]), 1e-12],
    ["complex step", () => complexStep(f, [x], [onesLike(x)]), 5e-15],
  ] as const)("%s resolves what is said of it", (_, derivative, bound) => {
    expect(errorOf(derivative())).toBeLessThan(bound);
  });

  it("a derivative that is off by 1e-9 is told apart", () => {
    expect(errorOf(richardson((t: Tensor) => f(t).mul(1 + 1e-9), [x], [onesLike(x)]))).toBeGreaterThan(1e-10);
  });

  it("Richardson's estimate grows at a kink", () => {
    const kink = richardsonEstimate((t: Tensor) => t.abs(), [tensor(0.01)], [tensor(1)]);
    expect((kink.error as Tensor).item()).toBeGreaterThan(1e-4);
    const smooth = richardsonEstimate((t: Tensor) => t.sin(), [tensor(0.01)], [tensor(1)]);
    expect((smooth.error as Tensor).item()).toBeLessThan(1e-12);
  });

  it("walk trees, leave null tangents alone and keep the output's tree", () => {
    const g = ({ a, b }: { a: Tensor; b: Tensor }, n: number) => ({ y: [a.mul(b).mul(n)] });
    const primals = [{ a: tensor([2]), b: tensor([3]) }, 5];
    const tangents = [{ a: tensor([1]), b: null }, null];
    expectClose(richardson(g, primals, tangents), { y: [tensor([15])] });
    expectClose(complexStep(g, primals, tangents), { y: [tensor([15])] });
  });

  it("refuse float32, where differences are too coarse", () => {
    const single = tensor([1], { dtype: "float32" });
    expect(() => richardson((t: Tensor) => t, [single], [single])).toThrow("must be float64, got float32");
  });
});

describe("complexStep", () => {
  const analytic = primitiveNames.filter(isAnalytic);

  it("has a rule for every primitive", () => {
    const missing = primitiveNames.filter((name) => !Object.hasOwn(complexRules, name));
    expect(missing, "packages/testing/src/oracles/complexRules.ts must have a rule of each").toEqual([]);
    expect(Object.keys(complexRules)).toHaveLength(primitiveNames.length);
    expect(analytic.length).toBeGreaterThan(35);
  });

  it("agrees with Richardson on random programs", () => {
    let [off, all] = [0, 0];
    forAll(randomPrograms({ steps: 5 }), ({ f: program, inputs }) => {
      const tangents = inputs.map((input) => input.sin());
      const estimate = richardsonEstimate(program, inputs, tangents, { h: 0.02 });
      const steps = complexStep(program, inputs, tangents) as Tensor[];
      (estimate.value as Tensor[]).forEach((value, i) => {
        const allowed = (estimate.error as Tensor[])[i].mul(100).add(1e-9);
        all += value.size;
        off += value.sub(steps[i]).abs().greater(allowed).cast("int32").sum().item();
      });
    });
    expect(all).toBeGreaterThan(500);
    expect(off / all).toBeLessThan(0.01);
  });
});

describe("expressionDerivative", () => {
  const argumentsOf = (name: (typeof closedForms)[number]) =>
    fc.sample(primitiveCases(name), { numRuns: 30, seed: 1 }).filter(({ operands }) => operands[0].size > 0);

  it.each(closedForms)("of %s agrees with a complex step", (name) => {
    for (const { operands, params } of argumentsOf(name)) {
      const [a, b] = operands.map((operand) => operand.buffer[0]);
      const apply = (t: Tensor): Tensor =>
        operands.length === 1
          ? name === "integerPow"
            ? t.integerPow((params as { n: number }).n)
            : t[name as "exp"]()
          : t[name as "add"](b);
      const got = expressionDerivative(name, ["x"], params)(a, b);
      expectClose(complexStep(apply, [tensor(a)], [tensor(1)]), got, { rtol: 1e-13, condition: 1e-3 });
    }
  });

  it("differentiates twice, and by the second operand", () => {
    expect(expressionDerivative("sin", ["x", "x"])(0.5)).toBeCloseTo(-Math.sin(0.5), 14);
    expect(expressionDerivative("div", ["x", "y"])(3, 2)).toBeCloseTo(-0.25, 14);
    expect(expressionDerivative("integerPow", ["x", "x"], { n: 3 })(2)).toBe(12);
  });
});

describe("bigFunctions", () => {
  const host: Record<string, (value: number) => number> = {
    exp: Math.exp,
    expm1: Math.expm1,
    log: Math.log,
    log1p: Math.log1p,
    sqrt: Math.sqrt,
    sin: Math.sin,
    cos: Math.cos,
    atan: Math.atan,
  };

  it.each(Object.keys(host) as (keyof typeof bigFunctions)[])("%s of the host is within one ulp", (name) => {
    for (const value of [1e-20, 0.1, 0.5, 1, 2.5, 10, 100]) {
      expect(ulpError(name, value, host[name](value))).toBeLessThanOrEqual(1);
    }
  });

  it("an error of one unit in the last place is seen as such", () => {
    expect(ulpError("exp", 1, Math.E + 2 ** -51)).toBeGreaterThan(0.5);
    expect(ulpError("sqrt", 4, 2 + 2 ** -51)).toBe(1);
  });
});
