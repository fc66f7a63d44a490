import { grad, jvp, stopGradient } from "@pushforward/autodiff";
import { type AnyLoss, losses } from "@pushforward/losses";
import { interpret, named, type Tensor, tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { firstNonFiniteStep, lossInstance, stepThrough } from "../../src/index.ts";

const all: readonly AnyLoss[] = Object.values(losses);

/** The steps of a function of numbers, moved in its first argument. */
function stepsOf(f: (...xs: Tensor[]) => Tensor, ...xs: number[]) {
  const inputs = xs.map((x) => tensor(x));
  const program = trace(f, { names: ["x", "y"] })(...inputs);
  return stepThrough(
    { program, inputs },
    { tangents: inputs.map((_, i) => tensor(i === 0 ? 1 : 0)), cotangents: [tensor(1)] },
  );
}

describe("stepThrough", () => {
  it("names values, writes equations as formulas, and tells operands and stops", () => {
    const steps = stepsOf((x, y) => named(x.mul(stopGradient(y.exp(), "weight")), "z"), 3, 0);
    expect(steps.map(({ name, formula, stop, operands }) => [name, formula, stop, operands])).toEqual([
      ["x", undefined, undefined, []],
      ["y", undefined, undefined, []],
      ["a", "exp(y)", undefined, [1]],
      ["weight", "stopGradient(a)", "weight", [2]],
      ["z", "x·weight", undefined, [0, 3]],
    ]);
    expect(steps.map(({ primal }) => primal.item())).toEqual([3, 0, 1, 1, 3]);
    expect(steps.map(({ tangent }) => tangent!.item())).toEqual([1, 0, 0, 0, 1]);
    expect(steps.map(({ cotangent }) => cotangent!.item())).toEqual([1, 0, 0, 3, 1]); // 3 is discarded by the stop
  });

  it("writes whole powers with raised exponents, and brackets where they are needed", () => {
    const formulas = stepsOf((x) => x.pow(3).add(x.pow(-12)), 2).map(({ formula }) => formula);
    expect(formulas.slice(1)).toEqual(["x³", "x⁻¹²", "a + b"]);
  });
});

describe("a loss as an instance", () => {
  it.each(all.map((loss) => [loss.name, loss] as const))(
    "%s: value, jvp and gradient are those of its steps",
    (_, loss) => {
      for (const without of [[], [...loss.stops]]) {
        const instance = lossInstance(loss, without);
        const { program, inputs } = instance;
        const run = (...xs: Tensor[]): Tensor => interpret(program, xs)[0];
        const moved = inputs.findIndex((_, i) => program.names.get(program.inputs[i])?.endsWith("A"));
        expect(moved).toBeGreaterThanOrEqual(0);
        const tangents = inputs.map((x, i) => x.mul(0).add(i === moved ? 1 : 0));
        const steps = stepThrough(instance, { tangents, cotangents: [tensor(1)] });
        const [value, tangent] = jvp(run, [...inputs], tangents);
        const last = steps.find(({ name }) => name === "loss")!;
        expect(last.primal.item()).toBe(value.item());
        expect(last.tangent!.item()).toBeCloseTo(tangent.item(), 12);
        const gradient = grad((A: Tensor) => run(...inputs.map((x, i) => (i === moved ? A : x))))(
          inputs[moved],
        ) as Tensor;
        const found = steps[moved].cotangent!.dataSync();
        gradient.dataSync().forEach((entry, i) => void expect(found[i]).toBeCloseTo(Number(entry), 11));
        expect(steps.filter(({ stop }) => stop !== undefined).length === 0).toBe(
          without.length > 0 || loss.stops.length === 0,
        );
        expect(firstNonFiniteStep(steps)).toBe(undefined);
      }
    },
  );
});

describe("firstNonFiniteStep", () => {
  it("tells a value that is not finite, with the equation and its operands", () => {
    expect(firstNonFiniteStep(stepsOf((x) => x.log().mul(2), -1))).toEqual({
      step: 1,
      kind: "primal",
      sentence: "The value of a is the first number that is not finite: NaN. It comes from a = log(x) at x = -1.",
    });
  });

  it("tells a tangent, and where values and tangents are finite a cotangent", () => {
    expect(firstNonFiniteStep(stepsOf((x) => x.sqrt().mul(0), 0))).toMatchObject({ kind: "tangent", step: 1 });
    const [input, ...rest] = stepsOf((x) => x.sqrt(), 4);
    const broken = [{ ...input, cotangent: tensor(Number.POSITIVE_INFINITY) }, ...rest];
    expect(firstNonFiniteStep(broken)?.sentence).toBe(
      "The cotangent of x is the first number that is not finite: Infinity. It comes from the derivative of a = sqrt(x) at x = 4.",
    );
    expect(firstNonFiniteStep(stepsOf((x) => x.sqrt(), 4))).toBe(undefined); // control
  });
});
